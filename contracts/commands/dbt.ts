import { resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import { writeOut } from '../../deploy/ground/out-file.js';
import { schemaObjects } from '../../deploy/objects/index.js';
import { awsResources } from '../../deploy/stack/aws.js';
import { snowflakeResources } from '../../deploy/stack/snowflake.js';
import { count } from '../../report/text/count.js';
import { readReferences } from '../dbt/manifest.js';
import { dbtProperties, type Properties } from '../dbt/properties.js';

interface Args {
  readonly out: string;
  readonly manifest?: string;
}

type Result = Omit<Properties, 'yaml'> & { readonly file: string };

export const command: Command<Args, Result> = {
  dataset: true,
  options: {
    out: { type: 'string', default: 'predict_los.yml', describe: 'the file, for models/ of the dbt project' },
    manifest: {
      type: 'string',
      describe:
        "the dbt project's target/manifest.json, which dbt parse writes: the exposure then names the models that are read",
    },
  },
  examples: [
    [
      'los dbt --manifest target/manifest.json --out models/predict_los.yml',
      'let dbt know what is read of its models, and what can be read of predictions',
    ],
  ],
  async run(ctx, { out, manifest }, contract) {
    const around = [...awsResources(ctx), ...snowflakeResources(ctx)];
    const { objects } = await schemaObjects(ctx, contract, around);
    const references = manifest === undefined ? undefined : readReferences(resolve(manifest));
    const { yaml, ...properties } = dbtProperties(ctx.settings, contract, objects, references);
    const file = resolve(out);
    writeOut(file, yaml);
    return { file, ...properties };
  },
  print: ({ file, tables, dependsOn, unknown }) => [
    `${file} has ${count(tables, 'table or view', 'tables and views')} as the source predict_los, and the product as an exposure${dependsOn.length > 0 ? ` of ${dependsOn.join(', ')}` : ''}.`,
    ...unknown.map((relation) => `LOOK: the dbt project neither builds ${relation} nor has it as a source.`),
    ...(dependsOn.length + unknown.length === 0
      ? ['With --manifest target/manifest.json the exposure names the models that are read.']
      : []),
  ],
};
