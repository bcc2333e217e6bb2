import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const server = `http://${process.env.AEGIS_BIND ?? "127.0.0.1:8000"}`;

const proxy = { "/graphql": server, "/uploads": server, "/evidence": server, "/healthz": server, "/auth": server, "/audit/export": server };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // Inlined assets become data: addresses, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy,
  },
  // What was built, before a server that holds another build of it.
  preview: { port: 4173, strictPort: true, proxy },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
  },
});
