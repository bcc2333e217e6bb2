// Runs the public GraphQL over HTTP audit (npm `graphql-http`) against a running server.
//
//   node audit.mjs http://127.0.0.1:8000/graphql
//
// Introspection must be on: some audits ask for `__type`. Exits with 1 on any
// error or warning; notices (the MAY rules) are listed, and fail with `--strict`.
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
const strict = process.argv.includes('--strict');
if (!url) {
  console.error('usage: node audit.mjs <url> [--strict]');
  process.exit(2);
}

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const result = await audit.fn();
  counts[result.status] += 1;
  if (result.status !== 'ok') {
    console.log(`${result.status.toUpperCase()} ${result.id} ${result.name}: ${result.reason}`);
    console.log(`  ${result.response.status} ${result.response.headers.get('content-type')}`);
  }
}
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
console.log(`${total} audits: ${counts.ok} ok, ${counts.error} errors, ${counts.warn} warnings, ${counts.notice} notices`);
process.exit(counts.error + counts.warn + (strict ? counts.notice : 0) > 0 ? 1 : 0);
