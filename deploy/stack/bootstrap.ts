import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { requireValue } from '../../udfs/require-value.js';
import type { Context } from '../context.js';
import { creditsAtMost } from '../costs/estimate.js';
import { objectMarker } from '../ground/marker.js';
import { quotasNeeded } from '../model/quotas.js';
import { projectRoot } from '../project.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';
import { bucketName } from './names.js';
import { snowflakeResources } from './snowflake.js';

/** What has to be given once, so that daily use needs no administrator. */
export interface Bootstrap {
  /** Statements for Snowflake, to be run by ACCOUNTADMIN. */
  readonly sql: readonly string[];
  /** What they may run once the warehouse is there, so that it costs no more than so much a month. */
  readonly monitor: readonly string[];
  /** IAM policy for the AWS principal that los uses. */
  readonly iamPolicy: object;
  /** Quotas of SageMaker that the AWS account needs, in words. */
  readonly quotas: readonly string[];
}

/** Half as much again as what is expected, in tens: a month with a training or a backfill is no reason to stop. */
function monitorScript(settings: Settings): string {
  const { roles, warehouse } = settings.snowflake;
  return sqlFile('sql/monitor.sql', {
    monitor: `${warehouse.name}_MONITOR`,
    warehouse: warehouse.name,
    role: roles.deploy,
    credits: String(Math.max(10, Math.ceil((creditsAtMost(settings) * 1.5) / 10) * 10)),
  });
}

function statementsOf(script: string): string[] {
  return script
    .split(';\n')
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter(Boolean);
}

/** @param user Snowflake user who gets the deploy role */
export function bootstrapOf(ctx: Pick<Context, 'settings' | 'aws'>, user: string): Bootstrap {
  const { settings, aws } = ctx;
  const role = settings.snowflake.roles.deploy;
  // The mark that apply would put on it: it then finds the role as declared, and need not own it.
  const resource = requireValue(
    snowflakeResources(ctx as Context).find(({ kind, name }) => kind === 'snowflake.role' && name === role),
    `the role ${role}`,
  );
  const mark = objectMarker(settings.prefix, fingerprintOf(resource.kind, resource.definition));
  const script = sqlFile('sql/bootstrap.sql', { role, user, comment: `COMMENT = '${mark}'` });
  const policy = readFileSync(join(projectRoot, 'templates', 'iam', 'deployer.json.hbs'), 'utf8');
  return {
    sql: statementsOf(script),
    monitor: statementsOf(monitorScript(settings)),
    iamPolicy: JSON.parse(
      Handlebars.compile(policy, { strict: true, noEscape: true })({
        prefix: settings.prefix,
        region: aws.region,
        account: aws.accountId,
        bucket: bucketName(ctx),
        roles: settings.aws.roles,
      }),
    ) as object,
    quotas: quotasNeeded(settings),
  };
}
