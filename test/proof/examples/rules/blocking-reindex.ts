import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'An index, a table, a schema': {
    // No transaction may rebuild a schema.
    adapted: { 'REINDEX SCHEMA public': 'REINDEX TABLE shop_invoice' },
    tables: [
      'CREATE TABLE shop_line (id bigint PRIMARY KEY)',
      'CREATE TABLE shop_invoice (number integer)',
      'CREATE INDEX invoice_number_idx ON shop_invoice (number)',
    ],
  },
};
