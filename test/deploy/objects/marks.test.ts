import { expect } from 'chai';
import { loadContract, parseContract } from '../../../deploy/dataset/load.js';
import { schemaObjects } from '../../../deploy/objects/index.js';
import type { SqlDefinition } from '../../../deploy/resources/snowflake/definition.js';
import { contractMarks } from '../../../procedures/records/mark-columns.js';
import { fakeContext } from '../fake-context.js';
import { contractOver } from '../sources/hospital-rows.js';

const ctx = fakeContext({ aws: { region: 'us-east-1', accountId: '123456789012' } as never });
const EVENTS = `events:
  - { source: CLINIC.CORE.RESULTS, stay: CASE_ID, time: AT, name: NAME, value: VALUE }
eventFeatures: { lactate: [last] }
planned:
  { source: CLINIC.CORE.BOOKINGS, id: CASE_ID, day: { column: DAY, type: DATE }, recorded: RECORDED }
`;

describe('marks of columns', () => {
  const health = loadContract(ctx.settings.dataset, ctx.settings.timeZone);

  it('are identifiers for admission and patient, and what the contract calls sensitive, with what reads it', () => {
    expect(contractMarks(health).column_marks).to.equal('CASE_ID identifier, PATIENTID identifier');
    const marked = { ...health, sensitive: ['BED_GRADE'] };
    expect(contractMarks(marked).raw_marks).to.equal(
      'CASE_ID identifier, BED_GRADE sensitive, PATIENTID identifier',
    );
    expect(contractMarks(marked).feature_marks).to.equal(
      'CASE_ID identifier, PATIENTID identifier, BED_GRADE sensitive, ILLNESS_BEDGRADE sensitive',
    );
    expect(contractMarks(marked).input_marks).to.equal(
      'CASE_ID identifier, BED_GRADE sensitive, ILLNESS_BEDGRADE sensitive',
    );
  });

  it('call a column as its table does', () => {
    const marked = { ...health, sensitive: ['AGE'], sources: { AGE: 'Alter, "in" Jahren' } };
    expect(contractMarks(marked).raw_marks).to.include('"Alter, ""in"" Jahren" sensitive');
  });

  it('are read from the contract, and leave features as they are computed', async () => {
    const text = contractOver('table: HEALTH_ADMISSIONS', [
      '  AGE: VARCHAR',
      '  AGE: { type: VARCHAR, sensitive: true }',
    ]);
    const contract = parseContract(text, 'contract.yaml');
    expect(contract.sensitive).to.deep.equal(['AGE']);
    expect(contract.columns).to.deep.equal(health.columns);
    const [before, after] = await Promise.all(
      [health, contract].map(async (each) =>
        (await schemaObjects(ctx, each, [])).objects.find(
          ({ resource }) => resource.kind === 'snowflake.stream' && /CHANGES/.test(resource.name),
        ),
      ),
    );
    expect(after!.resource.definition).to.deep.equal(before!.resource.definition);
  });

  for (const [what, contract] of Object.entries({
    'a table of los': health,
    'rows of others, with events and planned admissions': parseContract(
      `${contractOver('source: CLINIC.CORE.ENCOUNTER')}\n${EVENTS}`,
      'contract.yaml',
    ),
  }))
    it(`name columns that are there, of everything that holds patients: ${what}`, async () => {
      const { objects } = await schemaObjects(ctx, { ...contract, sensitive: ['AGE'] }, []);
      const marked = objects.filter(({ marks }) => Object.keys(marks ?? {}).length > 0);
      const patients = objects.filter(
        ({ declared }) => 'header' in declared && declared.header.patients === 'yes',
      );
      expect(marked.map(({ resource }) => resource.name)).to.deep.equal(
        patients.map(({ resource }) => resource.name),
      );
      for (const { resource, marks } of marked) {
        const { create } = resource.definition as SqlDefinition;
        for (const column of Object.keys(marks!))
          expect(create, `${resource.name}.${column}`).to.match(new RegExp(`(^|[^\\w])${column}\\b`));
      }
    });
});
