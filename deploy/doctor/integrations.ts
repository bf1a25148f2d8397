import { qualified } from '../../procedures/ground/names.js';
import type { ExternalFunctionDefinition } from '../resources/snowflake/external-function.js';
import { roleArn } from '../stack/names.js';
import type { Problem } from './check.js';
import type { Scene } from './scene.js';

/** Whether an integration exists, is enabled and carries the right role. */
export async function integrationEnabled(
  scene: Scene,
  category: 'API' | 'STORAGE',
  name: string,
  role: string,
): Promise<Problem | undefined> {
  const described = await scene.integration(name);
  if (!described)
    return {
      what: `The ${category === 'API' ? category : 'storage'} integration ${name} does not exist, or this role may not see it.`,
      fix: scene.los('apply'),
    };
  if (described.ENABLED?.toLowerCase() !== 'true')
    return {
      what: `The integration ${name} is disabled.`,
      fix: `ALTER ${category} INTEGRATION ${name} SET ENABLED = TRUE;`,
    };
  const wanted = roleArn(scene.ctx, role);
  const live = described[`${category}_AWS_ROLE_ARN`];
  if (live !== wanted)
    return {
      what: `The integration ${name} assumes ${live || 'no role'} instead of ${wanted}.`,
      fix: `ALTER ${category} INTEGRATION ${name} SET ${category}_AWS_ROLE_ARN = '${wanted}';`,
    };
  return undefined;
}

/** Whether an integration's lists let an address through. */
export async function addressAllowed(
  scene: Scene,
  category: 'API' | 'STORAGE',
  name: string,
  address: string,
): Promise<Problem | undefined> {
  const described = (await scene.integration(name))!;
  const word = category === 'API' ? 'PREFIXES' : 'LOCATIONS';
  const covers = (list: string) =>
    listOf(described[`${category}_${list}_${word}`]).find(
      (prefix) => prefix === '*' || address.startsWith(prefix),
    );
  const blocked = covers('BLOCKED');
  if (blocked)
    return {
      what: `The integration ${name} blocks ${blocked}, and with it ${address}.`,
      fix: `ALTER ${category} INTEGRATION ${name} UNSET ${category}_BLOCKED_${word};`,
    };
  if (!covers('ALLOWED'))
    return {
      what: `The integration ${name} does not allow ${address}.`,
      fix: scene.los('apply'),
    };
  return undefined;
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

/** Whether every external function is wired to this REST API through this integration, with a translator behind. */
export async function functionWired(scene: Scene): Promise<Problem | undefined> {
  const { settings } = scene.ctx;
  const api = await scene.restApi();
  const stage = `https://${api?.id}.execute-api.${scene.ctx.aws.region}.amazonaws.com/${settings.aws.restApi.stage}`;
  const { resources } = await scene.stack();
  for (const { name, definition } of resources.filter(({ kind }) => kind === 'snowflake.external-function')) {
    // The declared address begins with a reference to what only the live API knows.
    const url = stage + (definition as ExternalFunctionDefinition).url.replace(/^.*(?=\/)/, '');
    const described = await scene.describeFunction(qualified(settings, name));
    const body = described.body ?? described.as ?? '';
    if (body.replace(/\/$/, '') !== url)
      return { what: `${name} calls ${body || 'nothing'} instead of ${url}.`, fix: scene.los('apply') };
    // Which of these rows DESCRIBE FUNCTION has is documented nowhere: one that is missing says nothing.
    const { api_integration: shown, response_translator: translator } = described;
    const integration = shown?.replaceAll('"', '');
    if (integration !== undefined && integration !== settings.snowflake.integrations.api)
      return {
        what: `${name} calls through ${integration || 'no integration'} instead of ${settings.snowflake.integrations.api}.`,
        fix: scene.los('apply'),
      };
    if (translator === '') return { what: `${name} has no response translator.`, fix: scene.los('apply') };
  }
  return undefined;
}
