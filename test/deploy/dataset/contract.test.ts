import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadContract, parseContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { projectRoot } from '../../../deploy/project.js';
import { columnsUnknownOnArrival } from '../../../procedures/dataset/contract.js';

const file = (name: string) => join(projectRoot, 'sql', 'datasets', name);
const text = readFileSync(file('health.yaml'), 'utf8');

function problem(change: (text: string) => string): string {
  try {
    parseContract(change(text), 'mine.yaml');
  } catch (error) {
    expect(error).to.be.instanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('the contract was accepted');
}

describe('dataset contract', () => {
  it('is explained key by key in docs/contract.md, whose contract is one', () => {
    const page = readFileSync(join(projectRoot, 'docs/contract.md'), 'utf8');
    const schema = JSON.parse(readFileSync(join(projectRoot, 'los.contract.schema.json'), 'utf8'));
    const keys = page.slice(page.indexOf('## Keys'), page.indexOf('A feature has'));
    const explained = [...keys.matchAll(/^- (`[^:]*):/gm)].flatMap(([, names]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    expect(explained).to.have.members(Object.keys(schema.properties));
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(page)!;
    expect(parseContract(example!, 'docs/contract.md').features).to.include.keys('EARLIER_BED_DAYS');
  });

  it('reads the shipped contracts', () => {
    const health = loadContract(file('health.yaml'));
    expect(Object.keys(health.columns)).to.have.length(19);
    expect(columnsUnknownOnArrival(health)).to.deep.equal(['DISCHARGE_DATE']);
    const sparcs = loadContract(file('sparcs_hf.yaml'));
    expect(sparcs.los).to.equal('LOS');
    expect(columnsUnknownOnArrival(sparcs)).to.include.members(['LOS', 'CHARGES']);
  });

  it('takes rows of others, and names what does not fit', () => {
    const door = (lines: string) => (t: string) => t.replace(/^table: .*$/m, lines);
    const theirs = parseContract(door('source: ANALYTICS.CORE."Encounter view"')(text), 'mine.yaml');
    expect(theirs).to.deep.include({
      table: 'HEALTH_SOURCE',
      origin: { source: 'ANALYTICS.CORE."Encounter view"', columns: {} },
    });
    const renamed = (t: string) => t.replace('CASE_ID: NUMBER', 'CASE_ID: { type: NUMBER, source: id }');
    const joined = parseContract(
      renamed(door('query: |\n  SELECT * FROM A.B.C; -- all\n')(text)),
      'mine.yaml',
    );
    expect(joined.origin).to.deep.equal({ query: 'SELECT * FROM A.B.C -- all', columns: { CASE_ID: 'id' } });
    expect(joined).not.to.have.property('sources');
    const changing = door('source: CORE.E\nchanges: comparison');
    expect(parseContract(changing(text), 'mine.yaml')).to.include({
      changes: 'comparison',
    });
    expect(problem(door(''))).to.match(/does not say where the rows are/);
    expect(problem(door('table: T\nsource: A.B'))).to.match(/table and source exclude each other/);
    expect(problem(door('table: A.B.T'))).to.match(/a relation elsewhere is source: DATABASE.SCHEMA.NAME/);
    expect(problem(door('source: ENCOUNTER'))).to.match(/DATABASE.SCHEMA.NAME or SCHEMA.NAME/);
    expect(problem(door('source: A.B; DROP TABLE T'))).to.match(/source must be/);
    expect(problem(door('query: DELETE FROM T'))).to.match(/query: it begins with DELETE/);
    expect(problem(door('table: T\nchanges: often'))).to.match(/changes must be one of stream, comparison/);
  });

  it('takes events of stays, and names what does not fit', () => {
    const events =
      (source: string, features = 'lactate: [last, hours]') =>
      (t: string) =>
        `${t}\nevents:\n  - { ${source} }\neventFeatures: { ${features} }\n`;
    const plain = 'stay: CASE_ID, time: AT, name: "What it was"';
    const made = parseContract(events(`source: LAB.CORE.RESULTS, ${plain}`)(text), 'mine.yaml');
    expect(made.events).to.deep.equal([
      { source: 'LAB.CORE.RESULTS', stay: 'CASE_ID', time: 'AT', name: 'What it was' },
    ]);
    expect(made.eventFeatures).to.deep.equal({ lactate: ['last', 'hours'] });
    expect(problem((t) => `${t}\neventFeatures: { lactate: [last] }\n`)).to.match(
      /events and eventFeatures must be given together/,
    );
    expect(problem(events(`source: A.B, table: C, ${plain}`))).to.match(
      /events\[0\]: table and source exclude each other/,
    );
    expect(problem(events(plain))).to.match(/events\[0\]: it does not say where the rows are/);
    expect(problem(events(`table: HEALTH_EVENTS, ${plain}`))).to.match(
      /events\[0\].table: HEALTH_EVENTS is a name that los makes itself/,
    );
    expect(problem(events(`query: DROP TABLE T, ${plain}`))).to.match(/query: it begins with DROP/);
    expect(problem(events(`source: A.B, ${plain}`, 'lactate: [newest]'))).to.match(
      /must be one of last, change/,
    );
    expect(problem(events(`source: A.B, ${plain}`, 'X: { sql: "(SELECT MAX(AT) FROM T)" }'))).to.match(
      /eventFeatures.X: sql is one aggregate/,
    );
    expect(problem(events('source: A.B, stay: { column: S, type: JSON }, time: T, name: N'))).to.match(
      /events.0.stay.type must be one of NUMBER/,
    );
  });

  it('takes wards, departments and beds, and names their mistakes', () => {
    const health = loadContract(file('health.yaml'));
    expect(health).to.include({ ward: 'WARD_TYPE', department: 'DEPARTMENT' });
    expect(problem((t) => t.replace('ward: WARD_TYPE', 'ward: WARDS'))).to.match(/ward: WARDS is not one/);
    expect(problem((t) => t.replace('ward: WARD_TYPE', 'ward: DISCHARGE_DATE'))).to.match(
      /ward: DISCHARGE_DATE is known only after/,
    );
    expect(problem((t) => t.replace('ward: WARD_TYPE', 'ward: PATIENTID'))).to.match(
      /ward: PATIENTID identifies a patient/,
    );
    const withoutWard = (t: string) => t.replace('ward: WARD_TYPE', 'capacity: { surgery: 30 }');
    expect(problem((t) => withoutWard(t).replace('department: DEPARTMENT\n', ''))).to.match(
      /beds by ward need ward:.*, or department:/,
    );
    expect(parseContract(withoutWard(text), 'mine.yaml').capacity).to.deep.equal({ surgery: 30 });
    expect(problem((t) => t.replace('ward: WARD_TYPE', 'capacity: { "*": 0 }'))).to.match(/capacity/);
    const whole = parseContract(text.replace('ward: WARD_TYPE', 'capacity: { "*": 300 }'), 'mine.yaml');
    expect(whole.capacity).to.deep.equal({ '*': 300 });
    const grouped = (groups: string) => (t: string) =>
      t.replace(
        'ward: WARD_TYPE',
        `ward: WARD_TYPE\ncapacity: { P: 30, Q: 20, R: 10 }\nwardGroups: ${groups}`,
      );
    expect(parseContract(grouped('[[P, Q]]')(text), 'mine.yaml').wardGroups).to.deep.equal([['P', 'Q']]);
    expect(problem(grouped('[[P, X]]'))).to.match(/wardGroups: capacity: says no beds of X/);
    expect(problem(grouped('[[P, Q], [Q, R]]'))).to.match(/wardGroups: Q stands in two groups/);
    expect(problem(grouped('[[P]]'))).to.match(/wardGroups/);
  });

  it('takes questions, and names what is wrong with one', () => {
    const health = loadContract(file('health.yaml'));
    expect(health.explore!.questions).to.have.length(17);
    const wrong = (from: string, to: string) => problem((t) => t.replace(from, to));
    expect(wrong('by: [[DEPARTMENT]]', 'by: [[DEPARTMENTS]]')).to.match(
      /seed-05\.by: DEPARTMENTS is neither a feature nor one of the columns/,
    );
    expect(wrong('by: [[DEPARTMENT]]', 'by: [[PATIENTID]]')).to.match(/PATIENTID identifies a patient/);
    expect(wrong('by: [[DEPARTMENT]]', 'by: [[ADMISSION_DATE]]')).to.match(/ADMISSION_DATE is a date/);
    expect(wrong('id: seed-05', 'id: seed-04')).to.match(/seed-04: the id is taken/);
    expect(wrong('id: seed-05', 'id: leaks')).to.match(/leaks: the id is taken/);
    expect(wrong('bins: { AGE: [31-40] }', 'bins: { AGE: [32-40] }')).to.match(
      /seed-17\.bins: 32-40 is not one of the levels of AGE/,
    );
    expect(wrong('bins: { AGE: [31-40] }', 'bins: { AGE: [91-100] }')).to.match(/nothing is above 91-100/);
    expect(
      wrong('bins: { ADMISSION_DEPOSIT: [3000, 7000] }', 'bins: { ADMISSION_DEPOSIT: [7000, 3000] }'),
    ).to.match(/bounds of ADMISSION_DEPOSIT must rise/);
    expect(wrong('bins: { AGE: [31-40] }', 'bins: { WARD_TYPE: [P] }')).to.match(
      /WARD_TYPE is not in its by/,
    );
    expect(wrong('where: { AGE: { upTo: 21-30 } }', 'where: { WARD_TYPE: { upTo: P } }')).to.match(
      /levels of WARD_TYPE have no order; name them in explore.levels/,
    );
    expect(wrong('target: VISITORS_WITH_PATIENT', 'target: DEPARTMENT')).to.match(
      /DEPARTMENT is no numeric column; leave it out for the stay/,
    );
    expect(wrong('kind: share', 'kind: shares')).to.match(/must be one of distribution, difference, share/);
    expect(wrong('kind: distribution', 'kind: difference')).to.match(/name the columns that group/);
  });

  it('names the file and the key of every mistake', () => {
    expect(problem((t) => t.replace('id: CASE_ID', 'id: CASE_NO'))).to.match(
      /mine\.yaml.*id: CASE_NO is not one/,
    );
    expect(problem((t) => t.replace('table: H', 'tabel: H'))).to.match(/unknown key tabel/);
    expect(problem((t) => t.replace('AGE: VARCHAR', 'AGE: TEXT'))).to.match(/columns\.AGE must be/);
    expect(problem((t) => t.replace('- [AGE]', '- [AGGE]'))).to.match(/groups: AGGE/);
    expect(problem((t) => t.replace('discharge: DISCHARGE_DATE', ''))).to.match(/given together/);
    expect(problem((t) => t.replace('default: 0 }', 'default: none }'))).to.match(
      /AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL\.default/,
    );
    expect(problem((t) => t.replace('  AGE: VARCHAR', '  ORDER: VARCHAR'))).to.match(
      /columns\.ORDER.*reserved word.*as ORDER_ with source: ORDER/,
    );
    expect(problem((t) => t.replace('  AGE: VARCHAR', '  LOS_GONE: VARCHAR'))).to.match(
      /columns\.LOS_GONE: los reckons with a column of this name; call it otherwise, as LOS_GONE_/,
    );
    expect(
      problem((t) => t.replace('features:\n', 'features:\n  LOS: { type: numeric, sql: AGE }\n')),
    ).to.match(/features\.LOS: the name is taken/);
    expect(problem((t) => t.replace('table: HEALTH_ADMISSIONS', 'table: LOS_RUN_LOG'))).to.match(
      /table: LOS_RUN_LOG is the name of a table or function that los makes/,
    );
    expect(problem((t) => `${t}\n  : : [`)).to.match(/mine\.yaml/);
  });

  it('refuses identifiers as features and groups by name, also inside an expression', () => {
    const feature = (line: string) => problem((t) => t.replace('features:\n', `features:\n  ${line}\n`));
    expect(feature('PATIENTID: { type: numeric }')).to.match(
      /features\.PATIENTID: PATIENTID identifies a patient, so it cannot be a feature/,
    );
    expect(feature('CASE_ID: { type: numeric }')).to.match(/CASE_ID identifies an admission/);
    expect(feature("X: { type: numeric, sql: 'MOD(PatientId, 1000)' }")).to.match(
      /features\.X: PATIENTID identifies a patient/,
    );
    expect(feature('X: { type: categorical, sql: \'SUBSTR("CASE_ID", 1, 2)\' }')).to.match(
      /features\.X: CASE_ID identifies an admission/,
    );
    expect(feature("X: { type: numeric, sql: 'HASH(*)' }")).to.match(
      /features\.X: \* stands for all columns/,
    );
    const group = (line: string) => problem((t) => t.replace('groups:\n', `groups:\n  - ${line}\n`));
    expect(group('[PATIENTID]')).to.match(/groups: PATIENTID identifies a patient, so it cannot be a group/);
    expect(group('[AGE, CASE_ID]')).to.match(/groups: CASE_ID identifies an admission/);
  });

  it('takes an expression with a text that is called like an identifier, and a product', () => {
    const more = [
      "IFF(AGE = 'PATIENTID', 1, 0)",
      "IFF(AGE = 'it''s CASE_ID', 1, 0)",
      'ADMISSION_DEPOSIT * BED_GRADE',
    ].map((sql, i) => `  X${i}: { type: numeric, sql: ${JSON.stringify(sql)} }`);
    const { features } = parseContract(
      text.replace('features:', `features:\n${more.join('\n')}`),
      'mine.yaml',
    );
    expect(Object.keys(features)).to.include.members(['X0', 'X1', 'X2']);
  });

  it('refuses features that are known only after admission, also inside an expression', () => {
    const leak = (line: string) => problem((t) => t.replace('features:\n', `features:\n  ${line}\n`));
    expect(leak('DISCHARGE_DATE: { type: categorical }')).to.match(/known only after admission/);
    expect(leak("X: { type: numeric, sql: 'DATEDIFF(day, ADMISSION_DATE, discharge_date)' }")).to.match(
      /DISCHARGE_DATE, known only after admission/,
    );
  });
});
