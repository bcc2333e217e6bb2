/**
 * The way from the browser to the S3 server: what a reverse proxy does in front of it, which is
 * to say yes to pages of another origin. It counts what goes through, and can be shut.
 */
import http from "node:http";

const permissions = (headers) => ({
  "Access-Control-Allow-Origin": headers.origin ?? "*",
  "Access-Control-Allow-Methods": "GET, PUT",
  "Access-Control-Allow-Headers": headers["access-control-request-headers"] ?? "*",
});

export async function openStore({ port, behind }) {
  let puts = 0;
  let server;
  const pass = (request, response) => {
    const allowed = permissions(request.headers);
    if (request.method === "OPTIONS") {
      response.writeHead(204, allowed).end();
      return;
    }
    const onward = http.request(
      // The name that was signed goes along.
      { host: "127.0.0.1", port: behind, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        if (request.method === "PUT" && answer.statusCode === 200) puts += 1;
        response.writeHead(answer.statusCode, { ...answer.headers, ...allowed });
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    request.on("error", () => onward.destroy());
    request.pipe(onward);
  };
  const open = () =>
    new Promise((resolve, reject) => {
      server = http.createServer(pass).on("error", reject).listen(port, "127.0.0.1", resolve);
    });
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  await open();
  return { puts: () => puts, open, close };
}
