import { loadContract } from '../../dist/deploy/dataset/load.js';
import { schemaObjects } from '../../dist/deploy/objects/index.js';
import { loadSettings } from '../../dist/deploy/settings/load.js';
import { buildStack } from '../../dist/deploy/stack/index.js';

/** Roles as the default settings call them. */
export const ROLES = {
  read: 'LOS_READ',
  run: 'LOS_RUN',
  operate: 'LOS_OPERATE',
  patients: 'LOS_PATIENTS',
  plan: 'LOS_PLAN',
};

/**
 * Everything that apply makes by the default settings, with what is made only where settings ask for it: the resources, and those of
 * them that a file declares, with what it says; and what they are made of.
 */
export async function everything() {
  const defaults = loadSettings('/dev/null', {});
  const settings = {
    ...defaults,
    mail: { ...defaults.mail, verified: ['oncall@example.org'] },
    tasks: { ...defaults.tasks, challenger: 'health-v2' },
  };
  const ctx = { settings, aws: { region: 'us-east-1', accountId: '123456789012' } };
  const { resources } = await buildStack(ctx);
  const contract = {
    ...loadContract(settings.dataset, settings.timeZone),
    events: [{ table: 'EVENTS', stay: 'STAY', time: 'AT', name: 'NAME', value: 'VALUE' }],
    eventFeatures: { lactate: ['last'] },
  };
  const { objects, tasks } = await schemaObjects(ctx, contract, resources);
  const of = (kind) => objects.filter(({ declared }) => declared.kind === kind);
  return { resources, of, tasks, contract, settings };
}
