// "What held" of the security review: settings that are SQL, paths, JSON or prototypes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UserError } from '../../deploy/errors.js';
import { loadSettings } from '../../deploy/settings/load.js';

const HOSTILE = {
  'a role of all': 'names: { LOS_READ: "*" }',
  'a role that is SQL': `names: { LOS_READ: "LOS_READ; DROP ROLE LOS_DEPLOY" }`,
  'a role in quotes': `names: { LOS_READ: '"x"' }`,
  'a name of a prototype': 'names: { __proto__: { admin: true } }',
  'a database that is SQL': 'snowflake: { database: "LOS --" }',
  'a schema with a dot': 'snowflake: { schema: "LOS.PUBLIC" }',
  'a warehouse that is JSON': `names: { LOS_WH: '{"a":1}' }`,
  'a prefix with a path': 'prefix: ../../etc',
  'a prefix with a line end': 'prefix: "los\\r\\nx"',
  'a recipient with a header': 'mail: { to: ["a@b.example\\r\\nBcc: thief@c.example"] }',
  'a sender with a header': 'mail: { from: "a@b.example\\nBcc: thief@c.example" }',
  'a prototype': '__proto__: { admin: true }',
  'a prototype within': 'snowflake: { __proto__: { admin: true } }',
  'a constructor': 'constructor: { prototype: { admin: true } }',
  'an IAM role of all': 'names: { los-sagemaker: "*" }',
};

describe('settings that are something else', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-settings-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [what, yaml] of Object.entries(HOSTILE))
    it(`held: ${what} is refused, with the key`, () => {
      const file = join(folder, 'los.config.yaml');
      writeFileSync(file, `${yaml}\n`);
      let error: unknown;
      try {
        loadSettings(file, {});
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(UserError);
      expect((error as Error).message).to.contain(file);
      expect(({} as { admin?: boolean }).admin).to.equal(undefined);
    });
});
