import { expect } from 'chai';
import fc from 'fast-check';
import { literal } from '../../../procedures/ground/names.js';
import { fill, later, requireFilled } from '../../../procedures/ground/plan.js';

const name = fc.stringMatching(/^[a-z_]{1,8}$/);
/** Mostly what could pass for a placeholder or end a literal. */
const text = fc.string({ unit: fc.constantFrom('{', '}', "'", '\\', 'a', '_', '$', '&') });

describe('SQL texts', () => {
  it('have their placeholders filled in at once, whatever stands in the values', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, name), { minLength: 1 }), text, name, (parts, value, other) => {
        const template = parts.map(([before, place]) => `${before} {{${place}}} `).join('');
        const places = new Set([...template.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] as string));
        const values = Object.fromEntries([...places].map((place) => [place, `${value}{{${other}}}`]));
        const whole = template.split(/\{\{\w+\}\}/).join(`${value}{{${other}}}`);
        expect(fill(template, values)).to.equal(whole);
        const { [parts[0]?.[1] as string]: _, ...fewer } = values;
        expect(() => fill(template, fewer)).to.throw(`{{${parts[0]?.[1]}}}`);
      }),
    );
  });

  it('keep for later what is known only then', () => {
    const half = fill('SELECT {{a}} FROM {{b}} WHERE {{c}}', { b: 'T', ...later('a', 'c') });
    expect(half).to.equal('SELECT {{a}} FROM T WHERE {{c}}');
    expect(() => requireFilled(half)).to.throw('{{a}}');
    expect(requireFilled(fill(half, { a: '1', c: 'TRUE' }))).to.equal('SELECT 1 FROM T WHERE TRUE');
  });

  it('have no placeholder in a literal, which is read as what it was', () => {
    fc.assert(
      fc.property(text, (value) => {
        const sql = literal(value);
        expect(requireFilled(sql)).not.to.contain('{{');
        const read = sql
          .slice(1, -1)
          .replace(/\\x7b|\\\\|''/g, (found) => ({ '\\x7b': '{', '\\\\': '\\', "''": "'" })[found] as string);
        expect(read).to.equal(value);
      }),
    );
  });
});
