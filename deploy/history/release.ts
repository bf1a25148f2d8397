import { qualify } from '../../procedures/ground/names.js';
import type { Action } from '../../report/results/deployment.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { ownRelease } from '../project.js';
import { sqlFile } from '../sql-file.js';

type Reader = Pick<Context, 'settings' | 'snowflake'>;

/** Which release made a deployment, beside the one that runs. */
export interface ReleaseMismatch {
  /** True if the running release is older than the deployed one: it does not know all that is there. */
  readonly tooOld: boolean;
  readonly what: string;
  readonly next: string;
}

/** Finds a release mismatch of the deployment; undefined: it did not, or nothing tells. */
export async function findReleaseMismatch(
  ctx: Reader,
  releases?: readonly string[],
): Promise<ReleaseMismatch | undefined> {
  const deployed = releases ? newestOf(releases) : await deployedRelease(ctx);
  if (deployed === undefined) return undefined;
  const by = deployed === null ? 'a release before 0.3.0' : `release ${deployed}`;
  const what = `This deployment was made by ${by} of los, and this is ${ownRelease}`;
  const order = deployed === null ? -1 : compareReleases(deployed, ownRelease);
  if (order === 0) return undefined;
  return order < 0
    ? {
        tooOld: false,
        what: `${what}.`,
        next: 'Run los apply, which upgrades it; los plan shows what changes.',
      }
    : {
        tooOld: true,
        what: `${what}, which does not know all of it.`,
        next: `Update los to ${deployed} or later. There is no way back by an older one but los destroy by the release that made it (docs/upgrading.md).`,
      };
}

/**
 * Keeps an older release from changing what a newer one has made, which it would take for superfluous, and a newer one from calling
 * procedures that are still to be upgraded. Destroy goes by marks, which do not change.
 * @param releases that have begun to apply, where they are known; they are asked for otherwise
 * @throws UserError
 */
export async function requireRelease(ctx: Reader, action: Action, releases?: readonly string[]) {
  const found = await findReleaseMismatch(ctx, releases);
  if (found && (found.tooOld || !['apply', 'destroy'].includes(action)))
    throw new UserError(found.what, { next: found.next });
}

/** Explains a missing object by the release that made it; any other error as it is. */
export async function explainRelease(ctx: Reader, error: unknown): Promise<unknown> {
  if (!(error instanceof SnowflakeError && (error.missingColumn || error.missingObject))) return error;
  const found = await findReleaseMismatch(ctx);
  return found ? new UserError(found.what, { next: found.next, cause: error }) : error;
}

/** The newest release that has begun to apply here; null: one that wrote none down yet; undefined: unknown, or nothing is deployed. */
async function deployedRelease({ settings, snowflake }: Reader): Promise<string | null | undefined> {
  try {
    const history = qualify(settings, 'LOS_DEPLOYMENT_LOG');
    const rows = await snowflake.query<{ RELEASE: string }>(sqlFile('sql/history/releases.sql', { history }));
    return newestOf(rows.map(({ RELEASE }) => RELEASE));
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    if (error.missingColumn) return null;
    if (error.isBeyondRole || error.code === NO_WAREHOUSE) return undefined;
    throw error;
  }
}

const newestOf = (releases: readonly string[]) => [...releases].sort(compareReleases).at(-1);

/** Error code of a statement that needs a warehouse where there is none. */
const NO_WAREHOUSE = '000606';

/**
 * The order of two releases by Semantic Versioning (semver.org, 11): `0.3.0-dev.2` is before `0.3.0`.
 * @example
 * compareReleases('0.3.0-dev.10', '0.3.0-dev.9'); // 1
 */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const order = compareParts(left.core, right.core);
  if (order !== 0 || left.before === right.before) return order;
  if (!left.before || !right.before) return left.before ? -1 : 1;
  return compareParts(left.before, right.before);
}

function partsOf(release: string) {
  const [core = '', ...before] = release.replace(/\+.*/, '').split('-');
  return { core: core.split('.'), before: before.length > 0 ? before.join('-').split('.') : undefined };
}

/** Numbers by their values and before words, words by their letters; what is the beginning of another is before it. */
function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return 1;
    if (left === right) continue;
    const [isLeft, isRight] = [left, right].map((part) => /^\d+$/.test(part));
    if (isLeft && isRight && Number(left) === Number(right)) continue;
    if (isLeft !== isRight) return isLeft ? -1 : 1;
    return (isLeft ? Number(left) < Number(right) : left < right) ? -1 : 1;
  }
  return a.length < b.length ? -1 : 0;
}
