import { callProcedure } from '../../deploy/clients/call.js';
import { probeOrigin } from '../../deploy/dataset/probe-origin.js';
import { findReleaseMismatch } from '../../deploy/history/release.js';
import { requireRoom } from '../../deploy/model/quotas.js';
import type { TablesCheck } from '../../procedures/records/check.js';
import { breaks, type Check } from '../check.js';
import { readFailure } from './hop.js';
import {
  apiHop,
  controlHops,
  gatewayHops,
  grantsHop,
  graphHop,
  maskingHop,
  outgoingHops,
  snowflakeHops,
  stageHop,
  storageHops,
} from './hops.js';
import { keyCheck } from './key.js';
import { mailChecks } from './mail.js';
import { modelChecks } from './model.js';
import { networkCheck } from './network.js';
import { controlCheck, predictionCheck } from './prediction.js';
import { privateEndpointCheck } from './private-endpoint.js';
import { apiRoleHops, controlRoleHops, gatewayRoleHops, storageRoleHops, trainingRoleHops } from './roles.js';
import type { Scene } from './scene.js';
import { taskChecks } from './tasks.js';

/** Before all others: what another release has made looks broken in many places, and has one cause. */
const release: Check<Scene> = {
  name: 'release',
  asks: 'this release of los made the deployment',
  needs: ['connection'],
  async look({ read, los }) {
    const found = await findReleaseMismatch(read);
    return found && breaks(found.what, found.tooOld ? found.next : los('apply'));
  },
};

/** That there is a declaration; each hop that stands on the plan needs it. */
const declaration: Check<Scene> = {
  name: 'declaration',
  asks: 'what exists can be compared with the declaration',
  needs: ['connection'],
  async look(scene) {
    await scene.plan();
    return undefined;
  },
};

/** Beside the chain: what would stop the training after next, when its jobs have been paid. */
const quotas: Check<Scene> = {
  name: 'quotas',
  asks: "the account's quotas leave room for all versions that are kept",
  needs: ['connection'],
  async look({ ctx, contract }) {
    for (const doubt of await requireRoom(ctx, 'all versions', contract)) ctx.progress.note(doubt);
    return undefined;
  },
};

/** Check of rows that are read where they are. It precedes checks that would repeat its failure. */
const source: Check<Scene> = {
  name: 'source',
  asks: 'the hospital’s rows can be read where they are',
  needs: ['connection', 'tables'],
  async look({ ctx, contract }) {
    const closed = await probeOrigin(ctx, contract);
    return closed && breaks(closed.what, closed.next);
  },
};

/** Before what is said of versions: a registry that has lost its rows is brought back, not begun again. */
const records: Check<Scene> = {
  name: 'records',
  asks: 'no rows are missing that nothing can compute again',
  needs: ['warehouse', 'tables', 'procedures'],
  async look({ ctx }) {
    const { losses } = await callProcedure<TablesCheck>(ctx, 'CHECK_TABLES', []);
    const words = (of: 'what' | 'next') => losses.map((loss) => loss[of]).join(' ');
    return losses.length === 0 ? undefined : breaks(words('what'), words('next'));
  },
};

/** That nothing else differs from what the code declares. */
const asDeclared: Check<Scene> = {
  name: 'as-declared',
  asks: 'everything is as declared',
  needs: ['declaration'],
  async look(scene) {
    const { changes, unread } = await scene.plan();
    // One cause may keep several kinds from being read: a hop that has named it stands for all.
    const kinds = [...unread.keys()].sort((a, b) => +scene.blamed.has(b) - +scene.blamed.has(a));
    const missed = await readFailure(scene, 'as-declared', kinds);
    if (missed || changes.length === 0) return missed;
    const named = changes.slice(0, 3).map(({ id, reason }) => `${id} (${reason})`);
    const more = changes.length > 3 ? ` and ${changes.length - 3} more` : '';
    return breaks(
      `Not as declared: ${named.join(', ')}${more}.`,
      `${scene.los('plan')} shows the differences, ${scene.los('apply')} removes them`,
    );
  },
};

/** Every hop in the order in which a prediction passes it; then training, scoring by task, and mail. */
export const checks: readonly Check<Scene>[] = [
  release,
  declaration,
  ...snowflakeHops,
  source,
  records,
  apiHop,
  ...outgoingHops,
  ...apiRoleHops,
  ...gatewayHops,
  ...gatewayRoleHops,
  ...modelChecks,
  privateEndpointCheck,
  predictionCheck,
  ...controlHops,
  ...controlRoleHops,
  controlCheck,
  keyCheck,
  networkCheck,
  ...storageHops,
  ...storageRoleHops,
  stageHop,
  ...trainingRoleHops,
  quotas,
  graphHop,
  // Behind what they are on: an object that is gone has lost its grants too.
  grantsHop,
  maskingHop,
  ...taskChecks,
  ...mailChecks,
  asDeclared,
];
