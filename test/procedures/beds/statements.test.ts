import { join } from 'node:path';
import { expect } from 'chai';
import type { AwsClients } from '../../../deploy/clients/aws.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { schemaObjects } from '../../../deploy/objects/index.js';
import { projectRoot } from '../../../deploy/project.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { sqlFile } from '../../../deploy/sql-file.js';
import { bedsPlan } from '../../../procedures/beds/statements.js';
import type { Contract } from '../../../procedures/dataset/contract.js';

const contract = (name: string) => loadContract(join(projectRoot, 'sql/datasets', `${name}.yaml`));
const settings = loadSettings('/dev/null', {});
const levelsOf = (of: Contract) =>
  [...bedsPlan(of, settings, sqlFile).sql!.prepare[1]!.matchAll(/'(\w+)' AS LEVEL/g)].map(
    ([, level]) => level,
  );

describe('what beds are counted by', () => {
  const health = contract('health');
  const { ward: _, department: __, ...bare } = health;

  it('is the whole hospital, and what the contract names', () => {
    expect(levelsOf(health)).to.deep.equal(['all', 'department', 'ward']);
    expect(levelsOf({ ...bare, ward: 'WARD_TYPE' })).to.deep.equal(['all', 'ward']);
    expect(levelsOf(bare)).to.deep.equal(['all']);
  });

  it('has the beds that the contract says, of wards and of the whole', () => {
    const [made] = bedsPlan({ ...health, capacity: { "O'B": 30, '*': 200 } }, settings, sqlFile).sql!.made;
    expect(made).to.contain("('ward', 'O''B', 30), ('all', '(all)', 200)");
    expect(bedsPlan(health, settings, sqlFile).sql!.made[0]).to.contain('WHERE FALSE');
  });

  it('leaves no placeholder but those of the day', () => {
    for (const text of Object.values(bedsPlan(health, settings, sqlFile).sql!).flat())
      expect(
        String(text).replace(/\{\{(from|over|first|until|factors|starts|pace|parts|closed|census)\}\}/g, ''),
      ).not.to.match(/\{\{|\/\*/);
  });

  it('asks nothing of what teams know where the contract names none of it', () => {
    const text = JSON.stringify(bedsPlan(health, settings, sqlFile).sql);
    expect(text).not.to.match(/LOS_DATES|DISCHARGE_DATES|EVIDENCE|DECISIONS|_READY|LATEST_DATES/);
  });

  it('is nothing where there are no dates: neither task nor list of patients', async () => {
    const of = async (each: Contract) => {
      const aws = { region: 'us-east-1', accountId: '123456789012' } as AwsClients;
      const { objects, graphs } = await schemaObjects({ settings, aws }, each, []);
      // Functions of the contract's columns have their types in their names.
      return [...objects.map(({ resource }) => resource), ...graphs].map(
        ({ kind, name }) => `${kind}:${name.replace(/\(.*/, '')}`,
      );
    };
    const dated = await of(health);
    const undated = await of(contract('sparcs_hf'));
    expect(bedsPlan(contract('sparcs_hf'), settings, sqlFile).sql).to.equal(null);
    expect(dated.filter((name) => !undated.includes(name.replace('HEALTH', 'SPARCS_HF')))).to.deep.equal([
      'snowflake.table:LOS_BED_CLOSURES',
      'snowflake.table:LOS_BED_WHAT_IFS',
      'snowflake.table:LOS_HOLIDAYS',
      'snowflake.view:LOS_EXPECTED_DISCHARGES',
      'snowflake.procedure:CLOSE_BEDS',
      'snowflake.procedure:OPEN_BEDS',
      'snowflake.task-graph:LOS_FORECAST_BEDS',
    ]);
  });
});
