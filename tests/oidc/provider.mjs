// An OpenID Connect provider on loopback: `node provider.mjs REDIRECT_URI [HOST [PORT]]` prints its address once it answers.
// Whoever signs in says who they are; POST /tamper makes the next identities, or the next way back, wrong in one way.
import { createServer } from "node:http";
import { SignJWT, decodeJwt, exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const [redirectUri, host = "127.0.0.1", port = "0"] = process.argv.slice(2);
const CLIENT = { id: "aegis", secret: "a-secret-of-the-provider" };
const PEOPLE = {
  alice: { name: "Alice Archer", preferred_username: "alice", email: "alice@example.com", email_verified: true, groups: ["soc", "everybody"] },
  bob: { name: "Bob", preferred_username: "admin", email: "bob@example.com", email_verified: true, groups: ["everybody"] },
  carol: { name: "Carol", preferred_username: "carol", email: "carol@example.com", email_verified: true, groups: ["sales"] },
};
let people = structuredClone(PEOPLE);
let tamper = "";

const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
const stranger = (await generateKeyPair("RS256", { extractable: true })).privateKey;
const jwk = { ...(await exportJWK(privateKey)), kid: "one", alg: "RS256", use: "sig" };
void publicKey;

const server = createServer();
await new Promise((ready) => server.listen(Number(port), host, ready));
const issuer = `http://${host}:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [jwk] },
  cookies: { keys: ["only for tests"] },
  claims: { openid: ["sub", "groups"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  // Whoever signs in agrees.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

// What the provider signed, signed once more with something wrong in it.
async function tampered(token) {
  const claims = decodeJwt(token);
  if (tamper === "nonce") claims.nonce = "another";
  if (tamper === "audience") claims.aud = "another";
  if (tamper === "issuer") claims.iss = "http://127.0.0.1:1";
  if (tamper === "expired") claims.exp = Math.floor(Date.now() / 1000) - 3600;
  if (tamper === "none") {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "none" })}.${part(claims)}.`;
  }
  const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)));
  if (tamper === "hs256") return new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "one" }).sign(secret);
  const key = tamper === "key" ? stranger : privateKey;
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(key);
}

provider.use(async (ctx, next) => {
  await next();
  if (ctx.path === "/token" && tamper && ctx.body?.id_token) ctx.body.id_token = await tampered(ctx.body.id_token);
  const way = ctx.response.get("location");
  if (tamper === "state" && way.startsWith(redirectUri)) {
    const url = new URL(way);
    url.searchParams.set("state", "another");
    ctx.set("location", url.href);
  }
});

const read = (request) =>
  new Promise((done) => {
    let text = "";
    request.on("data", (chunk) => (text += chunk)).on("end", () => done(new URLSearchParams(text)));
  });

server.on("request", async (request, response) => {
  try {
    const { pathname } = new URL(request.url, issuer);
    if (pathname === "/favicon.ico") {
      response.statusCode = 204;
      return response.end();
    }
    if (pathname === "/tamper") {
      const form = await read(request);
      tamper = form.get("how") ?? "";
      const groups = form.get("groups");
      people = structuredClone(PEOPLE);
      if (groups !== null) people[form.get("who")].groups = groups.split(",").filter(Boolean);
      return response.end("ok");
    }
    if (!pathname.startsWith("/interaction/")) return provider.callback()(request, response);
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      return response.end(
        `<!doctype html><html lang="en"><title>Identity provider</title><main><form method="post" action="${pathname}">
         <label>Who are you? <input name="who" autofocus></label><button>Sign in</button>
         <button name="deny" value="yes">Deny</button></form></main></html>`,
      );
    }
    const form = await read(request);
    const who = form.get("deny") ? "" : form.get("who");
    const result = who ? { login: { accountId: who, remember: false } } : { error: "access_denied" };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    response.statusCode = 500;
    return response.end(String(error));
  }
});
console.log(issuer);
