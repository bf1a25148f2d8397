import { qualified } from '../../procedures/ground/names.js';
import { versionOf } from '../../procedures/versions/version.js';
import type { RawRow } from '../../udfs/encoding/encoding.js';
import type { Model } from '../../udfs/model.js';
import type { Scene } from './scene.js';

/** What predict_los is switched to. */
export interface Champion {
  readonly version: string;
  readonly endpoint: string;
  readonly translator: string;
  readonly reasonsTranslator: string;
  readonly model: Model;
}

export function champion(scene: Scene): Promise<Champion | undefined> {
  return scene.once('champion', async () => {
    const [row] = await scene.ctx.snowflake.query<{
      VERSION: string;
      DATASET: string;
      NUMBER: number;
      ENDPOINT: string;
      REQUEST_TRANSLATOR: string;
      MODEL: Model | string;
    }>(
      `SELECT VERSION, DATASET, NUMBER, ENDPOINT, REQUEST_TRANSLATOR, MODEL FROM ${qualified(scene.ctx.settings, 'LOS_MODEL_REGISTRY')}
WHERE STATUS = 'CHAMPION'`,
    );
    if (!row) return undefined;
    return {
      version: row.VERSION,
      endpoint: row.ENDPOINT,
      translator: row.REQUEST_TRANSLATOR,
      reasonsTranslator: versionOf({ name: row.DATASET }, scene.ctx.settings, Number(row.NUMBER))
        .reasonsTranslator,
      model: typeof row.MODEL === 'string' ? (JSON.parse(row.MODEL) as Model) : row.MODEL,
    };
  });
}

/** A row that the model knows: of no patient, with a value for every feature. */
export function sampleRow({ features }: Model): RawRow {
  return Object.fromEntries(
    features.map((code) => {
      if (code.kind === 'numeric') return [code.name, 1];
      if (code.kind === 'packed') return [code.name, code.groups[0]?.[1][0] ?? ''];
      const levels = code.kind === 'target' ? Object.keys(code.levels) : code.levels;
      return [code.name, levels[0] ?? ''];
    }),
  );
}
