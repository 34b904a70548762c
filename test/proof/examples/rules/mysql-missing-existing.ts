import type { ExampleProof } from '../example-proof.ts';

/**
 * The unfixed revisions lose NOT NULL and defaults, which the fixes keep. Where Alembic refuses the unfixed one, what the fix
 * makes is compared with what was there before.
 */
export const proofs: Readonly<Record<string, ExampleProof>> = {
  'The type changes, and NOT NULL and the default are not repeated': {
    fixes: {
      'Repeat what "number" is: existing_nullable, existing_server_default': {
        schema: {
          added: ["orders: `number` varchar(40) NOT NULL DEFAULT ''"],
          removed: ['orders: `number` varchar(40) DEFAULT NULL'],
        },
        // The example leaves out the way back.
        rolledBack: {
          added: ["orders: `number` varchar(40) NOT NULL DEFAULT ''"],
          removed: ["orders: `number` varchar(20) NOT NULL DEFAULT ''"],
        },
      },
    },
  },
  'A column gets another name': {
    fixes: {
      'Repeat what "state" is: existing_nullable': {
        schema: {
          added: ['orders: `status` varchar(20) NOT NULL'],
          removed: ['orders: `status` varchar(20) DEFAULT NULL'],
        },
      },
    },
  },
  'Without the type Alembic refuses': {
    fixes: {
      'Repeat what "note" is: existing_type': {
        schema: {
          added: ['orders: `note` varchar(200) NOT NULL'],
          removed: ['orders: `note` varchar(200) DEFAULT NULL'],
        },
      },
    },
  },
  'AUTO_INCREMENT is not repeated': {
    fixes: {
      'Repeat what "id" is: existing_autoincrement': {
        schema: {
          added: ['orders: `id` bigint(20) NOT NULL AUTO_INCREMENT'],
          removed: ['orders: `id` bigint(20) NOT NULL'],
        },
        rolledBack: {
          added: ['orders: `id` bigint(20) NOT NULL AUTO_INCREMENT'],
          removed: ['orders: `id` int(11) NOT NULL AUTO_INCREMENT'],
        },
      },
    },
  },
  'A comment is not repeated': {
    fixes: {
      'Repeat what "number" is: existing_comment': {
        schema: {
          added: ["orders: `number` varchar(40) NOT NULL COMMENT 'As it is printed'"],
          removed: ['orders: `number` varchar(40) NOT NULL'],
        },
        rolledBack: {
          added: ["orders: `number` varchar(40) NOT NULL COMMENT 'As it is printed'"],
          removed: ["orders: `number` varchar(20) NOT NULL COMMENT 'As it is printed'"],
        },
      },
    },
  },
  'A constraint is dropped without its type': {
    fixes: {
      'Say that "one_number" is of the type unique': {
        schema: { removed: ['orders: UNIQUE KEY `one_number` (`number`)'] },
      },
    },
  },
};
