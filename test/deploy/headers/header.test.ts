import { expect } from 'chai';
import { readDeclarations, tasksBeside } from '../../../deploy/headers/files.js';
import { parseDeclaration } from '../../../deploy/headers/header.js';

const table = (...lines: string[]) =>
  parseDeclaration(
    'sql/tables/x.sql',
    'table',
    [...lines, '{{create}} {{name}} (ID NUMBER)', '{{comment}}'].join('\n'),
  );
const refusal = (...lines: string[]) => {
  try {
    table(...lines);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};
const ACCESS = ['-- readers: owner', '-- patients: no', '-- holds: work'];

describe('what a file says about its object on top', () => {
  it('is its keys, what it is for people, and the statement below', () => {
    const declared = table(
      '-- name: LOS_X',
      ...ACCESS,
      '-- needs: LOS_A, LOS_B',
      '-- Wards that are',
      '-- closed.',
    );
    expect(declared.header).to.deep.equal({
      ...{
        name: 'LOS_X',
        readers: 'owner',
        patients: 'no',
        holds: 'work',
        needs: ['LOS_A', 'LOS_B'],
      },
    });
    expect(declared.prose).to.equal('Wards that are closed.');
    expect(declared.text).to.equal('{{create}} {{name}} (ID NUMBER)\n{{comment}}');
  });

  it('goes on over lines that are set in', () => {
    const { header } = table(
      '-- name: LOS_X',
      ...ACCESS,
      '-- expires: DELETE FROM {{name}}',
      '--   WHERE DAY < {{before}}',
      '-- X.',
    );
    expect(header.expires).to.equal('DELETE FROM {{name}} WHERE DAY < {{before}}');
  });

  it('is refused with the name of the file where a key is unknown, missing, twice or of another word', () => {
    expect(refusal('-- name: LOS_X', ...ACCESS, '-- reader: read', '-- X.')).to.match(
      /sql\/tables\/x\.sql says "-- reader:"; a table may say name, /,
    );
    expect(refusal('-- name: LOS_X', '-- readers: owner', '-- X.')).to.contain(
      'does not say "-- patients: …"',
    );
    expect(refusal(...ACCESS, '-- X.')).to.contain('does not say "-- name: …"');
    expect(refusal('-- name: LOS_X', '-- name: LOS_Y', ...ACCESS, '-- X.')).to.contain(
      'says "-- name:" twice',
    );
    expect(refusal('-- name: LOS_X', '-- readers: all', ...ACCESS.slice(1), '-- X.')).to.contain(
      'it can be read, run, operate, patients, owner',
    );
    expect(refusal('-- name: LOS_X', ...ACCESS)).to.contain('does not say what it is');
  });

  it('says how an admission is erased from every table of patients, and from no other', () => {
    const forget = '-- forget: DELETE FROM {{name}} WHERE ID = ?';
    expect(
      refusal('-- name: LOS_X', '-- readers: owner', '-- patients: yes', '-- holds: work', '-- X.'),
    ).to.contain('by which an admission is erased');
    expect(refusal('-- name: LOS_X', ...ACCESS, forget, '-- X.')).to.contain(
      'by which an admission is erased',
    );
  });

  it('says which columns of patients are masked, and of nothing else', () => {
    const patients = ['-- name: LOS_X', '-- readers: owner', '-- patients: yes', '-- holds: work'];
    const forget = '-- forget: DELETE FROM {{name}} WHERE ID = ?';
    expect(refusal(...patients, forget, '-- X.')).to.contain('says "-- masks: …"');
    expect(refusal('-- name: LOS_X', ...ACCESS, '-- masks: ID identifier', '-- X.')).to.contain(
      'says "-- masks: …"',
    );
  });

  it('says what tells records apart, and of nothing else', () => {
    const records = [...ACCESS.slice(0, 2), '-- holds: records'];
    expect(refusal('-- name: LOS_X', ...records, '-- X.')).to.contain('"-- key: …"');
    expect(refusal('-- name: LOS_X', ...ACCESS, '-- key: ID', '-- X.')).to.contain('"-- key: …"');
    expect(table('-- name: LOS_X', ...records, '-- key: A, B?', '-- X.').header.key).to.deep.equal([
      'A',
      'B?',
    ]);
  });

  it('binds the day of what expires, and the id of who is forgotten, once', () => {
    const twice = '-- expires: DELETE FROM {{name}} WHERE A < {{before}} OR B < {{before}}';
    expect(refusal('-- name: LOS_X', ...ACCESS, twice, '-- X.')).to.contain(
      '"-- expires:" has {{before}} once',
    );
    const patients = ['-- name: LOS_X', '-- readers: owner', '-- patients: yes', '-- holds: work'];
    expect(refusal(...patients, '-- forget: DELETE FROM {{name}}', '-- X.')).to.contain(
      '"-- forget:" has ? once',
    );
    const forget = '-- forget: DELETE FROM {{name}} WHERE ID = ?';
    expect(refusal(...patients, forget, '-- masks: ID identifier', '-- X.')).to.equal('none');
  });

  it('is right in every file of the project', () => {
    const kinds = new Set(readDeclarations().map(({ kind }) => kind));
    expect([...kinds]).to.have.members([
      'table',
      'view',
      'stream',
      'function',
      'external-function',
      'file-format',
      'stage',
      'task',
    ]);
    const names = readDeclarations().map(({ header }) => header.name);
    expect(new Set(names).size).to.equal(names.length);
  });
});

describe('what tasks say', () => {
  it('counts those beside the graph that come by a schedule', () => {
    const tasks = { watch: '1 MINUTE', look: '2 MINUTE', beds: '3 MINUTE', schedule: 'triggered' };
    const schedules = tasksBeside({ tasks }).map(({ schedule }) => schedule);
    expect(schedules).to.include.members(['1 MINUTE', '2 MINUTE', '3 MINUTE']);
    expect(schedules).not.to.include('triggered');
  });

  it('names the task whose schedule is no setting', () => {
    expect(() => tasksBeside({ tasks: {} })).to.throw(
      /LOS_\w+ has a schedule tasks\.\w+, which is no setting/,
    );
  });
});
