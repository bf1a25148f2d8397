import { loadSettings } from '../../dist/deploy/settings/load.js';
import { settingsSchema } from '../../dist/deploy/settings/schema.js';
import {
  HYPERPARAMETERS,
  MOST_CANDIDATES,
  MOST_TREES,
  ruleInWords,
} from '../../dist/procedures/jobs/hyperparameters.js';
import { cell, code, page, table } from './markdown.mjs';

/** Every key of los.config.yaml, from its schema; names without a default are those that the prefix gives. */
export function settingsPage() {
  const derived = loadSettings('/dev/null', {});
  return page(
    '# Settings',
    'Keys of `los.config.yaml`. All are optional, and all can come from the environment: `aws.region` is `LOS_AWS_REGION`, `tasks.schedule` is `LOS_TASKS_SCHEDULE`. `--env NAME` overlays an environment of the file. A variable that only resembles one of these is refused, with the one that was probably meant. The file holds no secret.',
    table(
      ['key', 'default', 'allowed', 'what'],
      leaves(settingsSchema).map(({ path, schema }) => {
        if (!schema.description)
          throw new Error(`${path.join('.')} has no description in deploy/settings/schema.ts`);
        const value = 'default' in schema ? schema.default : path.reduce((tree, key) => tree?.[key], derived);
        return [
          code(path.join('.')),
          code(typeof value === 'string' ? value : JSON.stringify(value)),
          allowed(schema),
          cell(schema.description),
        ];
      }),
    ),
    'Passwords and keys come from elsewhere: `~/.snowflake/connections.toml` or `SNOWFLAKE_*`, the AWS SDK’s chain, `LOS_SMTP_USER` and `LOS_SMTP_PASSWORD`.',
    '## Hyperparameters',
    `What \`training.hyperparameters\` and the candidates of TRAIN_MODEL may set of XGBoost. Everything else is refused by name before a job starts: SageMaker’s container runs a program where \`sagemaker_program\` is among the hyperparameters. A model has at most ${MOST_TREES.toLocaleString('en-US')} trees (\`num_round\` times \`num_parallel_tree\`), a training at most ${MOST_CANDIDATES} candidates.`,
    table(
      ['hyperparameter', 'allowed'],
      Object.entries(HYPERPARAMETERS).map(([name, rule]) => [code(name), ruleInWords(rule)]),
    ),
  );
}

/** Settings that are no groups of others. */
function leaves(schema, path = []) {
  if (schema.properties === undefined || (path.length > 0 && schema.type !== 'object'))
    return [{ path, schema }];
  return Object.entries(schema.properties).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function allowed(schema) {
  if (schema.enum) return schema.enum.map((one) => code(String(one))).join(', ');
  if (schema.items) return `list of ${allowed(schema.items)}`;
  const types = [schema.type].flat();
  const words = types.filter((type) => type !== 'null').map((type) => (type === 'string' ? 'text' : type));
  const range = [
    schema.minimum !== undefined && `from ${schema.minimum}`,
    schema.exclusiveMinimum !== undefined && `above ${schema.exclusiveMinimum}`,
    schema.maximum !== undefined && `to ${schema.maximum}`,
  ].filter(Boolean);
  return [words.join(' or '), ...range, types.includes('null') && 'or null'].filter(Boolean).join(' ');
}
