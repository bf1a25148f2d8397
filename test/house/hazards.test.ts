import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { listHazards } from '../../safety/hazards.js';
import { keyOf, runTests } from '../../safety/run-tests.js';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const controls = listHazards().flatMap((hazard) => hazard.controls);

describe('The hazard log (templates/safety/hazards.yaml)', () => {
  it('names for every control a test that exists and runs', () => {
    const outcomes = runTests(controls, true);
    expect(
      controls.map(keyOf).filter((key) => outcomes.get(key) !== 'passed'),
      'name the test by its file and its whole title',
    ).to.deep.equal([]);
  });

  it('would find a test that is gone', () => {
    const gone = { ...controls[0]!, title: 'no such title' };
    expect(runTests([gone], true).get(keyOf(gone))).to.equal('not there');
  });

  it('has every kind of alarm, and no other', () => {
    const [, union = ''] = /readonly kind:([^;]+);/.exec(read('procedures/watching/signs.ts')) ?? [];
    const kinds = [...union.matchAll(/'(\w+)'/g)].map(([, kind]) => kind!);
    expect(kinds.length).to.be.greaterThan(8);
    expect([...new Set(controls.flatMap(({ alarm }) => alarm ?? []))]).to.have.members(kinds);
  });

  it('has every gate, and no other', () => {
    const text = read('procedures/judging/gates.ts');
    const names = [...text.matchAll(/(?:name: |name = |[A-Z] = )(['`])(.+?)\1/g)]
      .map(([, , name]) => name!)
      .filter((name) => name.includes(' '));
    expect(names.length).to.be.greaterThan(8);
    const named = controls.flatMap(({ gate }) => gate ?? []);
    expect(
      names.filter((name) => !named.some((gate) => name.includes(gate))),
      'say in templates/safety/hazards.yaml which hazard the gate is against',
    ).to.deep.equal([]);
    expect(named.filter((gate) => !names.some((name) => name.includes(gate)))).to.deep.equal([]);
  });

  it('has hazards with a number, a cause, an effect and a control each', () => {
    const ids = listHazards().map(({ id }) => id);
    expect(ids).to.deep.equal(ids.map((_, i) => `H${i + 1}`));
    for (const { id, hazard, cause, effect, controls: own } of listHazards())
      expect(
        [hazard, cause, effect, ...own.map(({ does }) => does)].every(Boolean) && own.length > 0,
        id,
      ).to.equal(true);
  });
});
