import type { Context } from '../../deploy/context.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { loadSettings } from '../../deploy/settings/load.js';

/** A mailer whose mails all leave. */
export const silentMail: Context['mail'] = {
  sent: 0,
  send: async () => true,
  deliver: async () => ({ mails: 0, sent: [], taken: 0 }),
  flush: async () => {},
  close: async () => {},
};

/**
 * A context whose clouds are missing: whatever a test does not give fails when it is used.
 * @param given parts that the test needs
 */
export function fakeContext(given: Partial<Context> = {}): Context {
  const absent = (what: string) =>
    new Proxy(
      {},
      {
        get: (_target, name) => {
          throw new Error(`${what}.${String(name)} is not part of this test`);
        },
      },
    );
  return {
    settings: loadSettings('/dev/null', {}),
    target: absent('target'),
    snowflake: absent('snowflake'),
    aws: absent('aws'),
    mail: silentMail,
    progress: silentProgress,
    signal: new AbortController().signal,
    ...given,
  } as Context;
}
