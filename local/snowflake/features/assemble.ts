import { systemFunctionSpec } from '../expressions/system-function.js';
import type { Feature, Features, Services } from '../feature.js';

/** Puts features together. @throws Error if two bring something of the same name, or none brings a service */
export function assemble(features: readonly Feature[]): Features {
  const systemFunctions = features.flatMap((feature) => feature.systemFunctions ?? []);
  return {
    statements: features.flatMap(({ statements }) => statements ?? []),
    systemFunctions: indexByName(systemFunctions.map((each) => [each.name, systemFunctionSpec(each)])),
    tableFunctions: indexByName(
      features.flatMap(({ tableFunctions }) => Object.entries(tableFunctions ?? {})),
    ),
    functionsOfTables: indexByName(
      features.flatMap(({ functionsOfTables }) => Object.entries(functionsOfTables ?? {})),
    ),
    sqlViews: indexByName(features.flatMap(({ sqlViews }) => Object.entries(sqlViews ?? {}))),
    services: allServices(features),
  };
}

function indexByName<T>(entries: [name: string, value: T][]): Map<string, T> {
  const found = new Map<string, T>();
  for (const [name, value] of entries) {
    if (found.has(name)) throw new Error(`Two features bring ${name}.`);
    found.set(name, value);
  }
  return found;
}

/** Every service, each of one feature. */
const SERVICES: Record<keyof Services, true> = {
  relation: true,
  informationColumns: true,
  stageSource: true,
  callExternal: true,
  trackableTables: true,
  viewChanges: true,
  insertEvents: true,
};

function allServices(features: readonly Feature[]): Services {
  indexByName(features.flatMap(({ services }) => Object.entries(services ?? {})));
  const services: Partial<Services> = Object.assign({}, ...features.map((feature) => feature.services));
  const missing = Object.keys(SERVICES).filter((name) => !(name in services));
  if (isComplete(services, missing)) return services;
  throw new Error(`No feature brings ${missing.join(', ')}.`);
}

const isComplete = (_services: Partial<Services>, missing: string[]): _services is Services =>
  missing.length === 0;
