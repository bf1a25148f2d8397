import { resolve } from 'node:path';
import type { Command } from '../../deploy/commands/command.js';
import { writeOut } from '../../deploy/ground/out-file.js';
import { schemaObjects } from '../../deploy/objects/index.js';
import { awsResources } from '../../deploy/stack/aws.js';
import { snowflakeResources } from '../../deploy/stack/snowflake.js';
import { semanticView } from '../semantic/view.js';

interface Args {
  readonly out: string;
}

interface Result {
  readonly file: string;
  /** DATABASE.SCHEMA.NAME */
  readonly view: string;
}

export const command: Command<Args, Result> = {
  dataset: true,
  options: {
    out: { type: 'string', default: 'semantic-view.sql', describe: 'the file' },
  },
  examples: [
    ['los semantic-view && snow sql -f semantic-view.sql', 'let agents answer what a bed meeting asks'],
  ],
  async run(ctx, { out }, contract) {
    const around = [...awsResources(ctx), ...snowflakeResources(ctx)];
    const { objects } = await schemaObjects(ctx, contract, around);
    const { name, sql } = semanticView(ctx.settings, contract, objects);
    const file = resolve(out);
    writeOut(file, sql);
    return { file, view: name };
  },
  print: ({ file, view }) => [
    `${file} makes the semantic view ${view}. Run it with a role that has CREATE SEMANTIC VIEW on the schema.`,
  ],
};
