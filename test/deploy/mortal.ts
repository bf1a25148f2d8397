import type { OpenContext } from '../../deploy/open.js';

/** Where a context dies: at its n-th call to a cloud, before or after the cloud has carried the call out. */
export interface Death {
  readonly call: number;
  readonly carriedOut: boolean;
}

/**
 * A context that ends as a killed process does: from one call on nothing that it asks for is sent any more,
 * and no answer arrives. What was under way is carried out by the clouds.
 * @param death undefined: it lives, and only counts
 */
export function mortal(ctx: OpenContext, death?: Death) {
  let calls = 0;
  const killed = () => new Error('killed');
  const watch = <T extends object>(client: T, methods: readonly string[]): T =>
    new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || !methods.includes(String(name))) return value;
        return async (...args: unknown[]) => {
          calls++;
          if (death && calls > death.call) throw killed();
          if (death && calls === death.call && !death.carriedOut) throw killed();
          const answer: unknown = await Reflect.apply(value, target, args);
          if (death && calls >= death.call) throw killed();
          return answer;
        };
      },
    });
  const clients = ['iam', 's3', 'apiGateway', 'sageMaker'] as const;
  const context: OpenContext = {
    ...ctx,
    snowflake: watch(ctx.snowflake, ['query', 'execute']),
    aws: {
      ...ctx.aws,
      ...Object.fromEntries(clients.map((name) => [name, watch(ctx.aws[name], ['send'])])),
    },
  };
  return { context, calls: () => calls };
}
