import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { fileSchema } from '../../../deploy/settings/file-schema.js';
import { settingsSchema } from '../../../deploy/settings/schema.js';
import { checkCode } from '../../../scripts/build/checks.js';

describe('the check of a schema', () => {
  const contractSchema = JSON.parse(readFileSync(join(projectRoot, 'los.contract.schema.json'), 'utf8'));
  for (const [name, schema] of Object.entries({ settingsSchema, fileSchema, contractSchema }))
    it(`has a valid schema in ${name}`, () => {
      const ajv = new Ajv({ allowUnionTypes: true });
      expect(ajv.validateSchema(schema), ajv.errorsText()).to.equal(true);
    });

  it('fills in defaults each time, and names what is wrong', () => {
    const list = { type: 'array', items: { type: 'string' }, default: [] };
    const code = checkCode({ type: 'object', properties: { list }, additionalProperties: false }, true);
    const made = { exports: {} as ValidateFunction };
    new Function('module', 'exports', 'require', code)(made, made.exports, createRequire(import.meta.url));
    const check = made.exports;
    const [one, other] = [{} as { list?: string[] }, {} as { list?: string[] }];
    expect([check(one), check(other)]).to.deep.equal([true, true]);
    one.list!.push('a');
    expect(other.list).to.deep.equal([]);
    expect(check({ lists: [] })).to.equal(false);
    expect(check.errors?.[0]?.params).to.deep.equal({ additionalProperty: 'lists' });
  });
});
