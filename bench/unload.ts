import { join } from 'node:path';
import { loadCsv } from '../contracts/files/load-csv.js';
import { writeHealth } from '../demo/health/index.js';
import { drive } from '../deploy/clients/drive.js';
import { forDataset } from '../deploy/dataset/context.js';
import { planOfDeployment } from '../deploy/model/plan.js';
import { apply } from '../deploy/operate/apply.js';
import { fitEncoder } from '../procedures/fitting/encoder.js';
import { splitRows } from '../procedures/fitting/split.js';
import {
  encodeValues,
  SIDES,
  stageOf,
  trainingRowsSql,
  unload,
} from '../procedures/fitting/training-file.js';
import { versionOf } from '../procedures/versions/version.js';
import { createEncoder } from '../procedures/versions/version-functions.js';
import { columnNames } from '../udfs/encoding/encoding.js';
import { type Benchmark, compare, type Measurement, median } from './harness.js';
import { inLocalCloud } from './pipeline.js';
import { python, SEED_FEATURES } from './python.js';

const ROWS = 230_000;
const RUNS = 3;

/** The seed's features of the same rows, one-hot and written without header; only these two are in the time. */
const PEER = `${SEED_FEATURES}
import sys, time
rows = features(pd.read_csv(sys.argv[1], parse_dates=["ADMISSION_DATE", "DISCHARGE_DATE"]))
rows["LOS"] = (rows.DISCHARGE_DATE - rows.ADMISSION_DATE).dt.days
started = time.perf_counter()
# Bytes are written four times as fast as the floats that the seed trains on.
wide = pd.get_dummies(rows[["LOS"] + numeric + categorical], columns=categorical, dtype=np.uint8)
wide.to_csv(sys.argv[2], index=False, header=False)
print(time.perf_counter() - started, wide.shape[1] - 1)
`;

/** Python's seconds, and its columns beside the label. */
function pandas(training: string, written: string): { time: number; columns: number } {
  const [time, columns] = python('-c', PEER, training, written).split(' ').map(Number) as [number, number];
  return { time, columns };
}

/** The training file: rows encoded and written to the bucket, beside pandas. */
export const benchmark: Benchmark = {
  name: 'unload',
  description: `The training file of ${ROWS.toLocaleString('en-US')} generated admissions: put together of its values, each of which is encoded once by the version's UDF, with its label and in the order of its id, and written to the bucket by COPY INTO @stage, one file for the rows that train and one for those that validate, by the statements of a training. Beside it Python on the same rows: pandas' get_dummies of the seed's features and to_csv of them, which are in memory already. Median of ${RUNS} runs, taken in turns. The encoder one-hot encodes up to 12 levels and takes the mean stay of other rows for more, pandas one-hot encodes all.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud('unload', async (opened, folder) => {
      const { ctx, contract } = forDataset(opened);
      await apply(opened);
      log(`loading ${ROWS} rows`);
      const { training } = await writeHealth({
        seed: 20221201,
        trainingRows: ROWS,
        simulationRows: 1,
        folder,
      });
      await loadCsv(ctx, contract, training, contract.table);
      await ctx.snowflake.query('CALL BUILD_FEATURES()');
      const plan = await planOfDeployment(ctx, contract);
      const split = await drive(ctx, splitRows(plan));
      await ctx.snowflake.execute(
        "UPDATE HEALTH_TRAINING_SET SET ROW_SIDE = 'train' WHERE ROW_SIDE <> 'validation'",
      );
      const features = await drive(ctx, fitEncoder(plan, split.trainMean));
      const version = versionOf(contract, ctx.settings, 1);
      const model = { version: version.name, endpoint: version.endpoint, features, floor: 0, bands: [] };
      await drive(ctx, createEncoder(plan, version, model));

      log('unloading');
      const path = `${version.folder}/bench`;
      const peers: { time: number; columns: number }[] = [];
      const { ours } = await compare(
        RUNS,
        async () => {
          await drive(ctx, encodeValues(plan, version, features, split));
          for (const side of SIDES) {
            const lines = trainingRowsSql(plan, features, side, split);
            await drive(ctx, unload(plan, `${path}/${side}`, `SELECT LINE FROM (${lines}) ORDER BY CASE_ID`));
          }
        },
        () => peers.push(pandas(training, join(folder, 'peer.csv'))),
      );
      const [written] = await ctx.snowflake.query<{ N: number }>(
        `SELECT COUNT(*) AS N FROM ${stageOf(plan, path)}`,
      );
      if (Number(written?.N) !== ROWS) throw new Error(`${written?.N} lines were written for ${ROWS} rows`);
      return [
        {
          what: 'encode and unload',
          value: ours,
          unit: 's',
          peer: median(peers.slice(1).map(({ time }) => time)),
          limit: '1 × peer',
        },
        { what: 'columns', value: columnNames(features).length, unit: '', peer: peers[0]!.columns },
      ];
    });
  },
};
