/** What a new partner's README says: how far it is, and the six steps. */
export const readme = (side: 'platforms' | 'couriers') => `# TITLE

What this partner's documents are: the name and version of its API, links with the date they were read, and what is
"assumed, not verified".

## Six steps

1. **wire.schema.json**: their documents, as their own papers state them; only what is read or written here. What holds
   personal data is marked \`"x-personal": true\`. Then \`npm run build\`.
2. **codes.ts**: their code lists and ours, both ways. An unknown code is an error, never a default.
3. **mapping.ts**: one row for each correspondence; \`lib/translate/README.md\` says how. What has no counterpart is a loss
   with its reason.
4. **fixtures/**: \`<table>-<name>.wire.json\` beside \`<table>-<name>.canonical.json\`, one document each, invented people only;
   every loss and every code stands in one of them.
5. **wire.ts, sandbox.ts**: how they sign, answer and report errors, and a stand-in for tests. The form that stands here, JSON
   signed by HMAC-SHA256, is an example: replace it by theirs.
6. **\`lib/${side}/index.ts\`**: the one line elsewhere. Then \`node --test "test/conformance/*.test.ts"\` until it is green, and
   \`node test/conformance/coverage.ts\` for the tables that are made from the lists.

## Declared losses

The tables list them with their reasons; \`docs/coverage.md\` shows them.
`
