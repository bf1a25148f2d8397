import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireValue } from '../../udfs/require-value.js';

/** Codes of failures that happen before the other side has said a word. */
const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'no name server answers',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection is cut',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
};

/** Why a service could not be reached, and where it was looked for. */
export interface NetworkProblem {
  readonly code: string;
  readonly why: string;
  /** As far as the error names it. */
  readonly host: string | undefined;
}

/** Network problem of which a client's error tells; undefined: the service was reached, whatever it answered. */
export function networkProblem(error: unknown): NetworkProblem | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    // Several addresses were tried.
    const { code, hostname, address } = (at instanceof AggregateError ? at.errors[0] : at) as {
      code?: string;
      hostname?: string;
      address?: string;
    };
    const known = at.name === 'TimeoutError' ? 'ETIMEDOUT' : (code ?? '');
    const why = FAILURES[known];
    if (why) return { code: known, why, host: hostname ?? address };
  }
  return undefined;
}

/** Advice for any cloud that cannot be reached. */
export const NETWORK_ADVICE = 'Check the network of this machine (VPN, firewall, HTTPS_PROXY)';

/** True if calls go through a proxy, which resolves names for itself. */
export function usesProxy(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => env[name]);
}

/**
 * Tests that a server takes connections; for clients that try for minutes before they say that it does not.
 * @returns why not
 */
export async function probe(host: string, port: number): Promise<NetworkProblem | undefined> {
  const attempt = () =>
    new Promise<NetworkProblem | undefined>((resolve) => {
      const socket = connect({ host, port, timeout: 8000 });
      const end = (outcome: NetworkProblem | undefined) => {
        socket.destroy();
        resolve(outcome);
      };
      socket.once('connect', () => end(undefined));
      socket.once('timeout', () =>
        end({ code: 'ETIMEDOUT', why: requireValue(FAILURES.ETIMEDOUT, 'words for ETIMEDOUT'), host }),
      );
      socket.once('error', (error) => end(networkProblem(error)));
    });
  const first = await attempt();
  if (!first) return undefined;
  await sleep(1000);
  return await attempt();
}
