import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { syntheticRows } from '../../../demo/validate/rows.js';
import { sourceOf, withSources } from '../../../demo/validate/sources.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { projectRoot } from '../../../deploy/project.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { columnsUnknownOnArrival } from '../../../procedures/dataset/contract.js';

const contractFile = (name: string) => join(projectRoot, 'sql', 'datasets', `${name}.yaml`);

describe('the sources of objects', () => {
  const settings = loadSettings('/dev/null', {});
  const contract = loadContract(settings.dataset);

  it('are files that exist', () => {
    for (const id of [
      'snowflake.table:HEALTH_ADMISSIONS',
      'snowflake.table:LOS_PREDICTION_LOG',
      'snowflake.view:LOS_FEATURES',
      'snowflake.stage:LOS_LOAD',
      'snowflake.function:LOS_RESPONSE(OBJECT)',
      'snowflake.procedure:SCORE_ADMISSIONS()',
      'snowflake.task-graph:LOS_BUILD_FEATURES',
      'snowflake.grants:LOS_RUN',
      'aws.rest-api:los',
      'aws.bucket:los-1-us-east-1',
    ])
      expect(existsSync(join(projectRoot, sourceOf(id, settings, contract))), id).to.equal(true);
  });

  it('are as narrow as the name allows', () => {
    const of = (id: string) => sourceOf(id, settings, contract);
    expect(of('snowflake.table:LOS_PREDICTION_LOG')).to.equal('sql/tables/prediction-log.sql');
    expect(of('snowflake.table:HEALTH_FEATURES')).to.equal('sql/datasets/health.yaml');
    expect(of('snowflake.function:LOS_RESPONSE_DETAIL(OBJECT)')).to.equal(
      'udfs/translators/detail-response-translator.ts',
    );
    expect(of('snowflake.procedure:SCORE_ADMISSIONS()')).to.equal('procedures/scoring/score-admissions.ts');
  });

  it('stand before what apply reports', () => {
    const text = '1 of 2 changes failed (1 done).\n  snowflake.procedure:BUILD_FEATURES(): syntax error: x';
    expect(withSources(text, settings, contract)).to.contain(
      '\n  procedures/scoring/build-features.ts: snowflake.procedure:BUILD_FEATURES(): syntax error: x',
    );
  });
});

describe('made-up admissions', () => {
  for (const name of ['health', 'sparcs_hf'])
    it(`have the shape of ${name}, and the last has only what is known on arrival`, () => {
      const contract = loadContract(contractFile(name));
      const { history, arrival } = syntheticRows(contract, 50);
      const width = Object.keys(contract.columns).length;
      expect(history).to.have.length(51);
      for (const line of history) expect(line.split(',')).to.have.length(width);
      const [header, row] = arrival.map((line) => line.split(','));
      const unknown = columnsUnknownOnArrival(contract);
      header!.forEach((column, i) => {
        expect(row![i] === '', column).to.equal(unknown.includes(column));
      });
      expect(syntheticRows(contract, 50)).to.deep.equal({ history, arrival });
    });

  it('hang on chance too: no column that is known on arrival reveals the stay', () => {
    for (const name of ['health', 'sparcs_hf']) {
      const contract = loadContract(contractFile(name));
      const [header, ...rows] = syntheticRows(contract, 2000).history.map((line) => line.split(','));
      const stays = rows.map((row) => {
        const at = (column: string) => row[header!.indexOf(column)]!;
        if (contract.los) return Number(at(contract.los));
        return (Date.parse(at(contract.discharge!)) - Date.parse(at(contract.admission!))) / 86_400_000;
      });
      const spread = (numbers: readonly number[]) => {
        const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
        return numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0);
      };
      for (const [column, title] of header!.entries()) {
        if (
          title === contract.id ||
          title === contract.patient ||
          columnsUnknownOnArrival(contract).includes(title)
        )
          continue;
        const groups = [...new Set(rows.map((row) => row[column]))];
        const within = groups.map((value) => spread(stays.filter((_, i) => rows[i]![column] === value)));
        const share = 1 - within.reduce((sum, each) => sum + each, 0) / spread(stays);
        expect(share, `${name}.${title}`).to.be.below(0.7);
      }
    }
  });
});
