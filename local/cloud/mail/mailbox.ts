/** A mailbox on loopback: a real SMTP server that keeps every mail as an .eml file and sends nothing on. */
import { timingSafeEqual } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type FaultKind, SLOW_MS } from '@local-cloud/kit/faults/fault.js';
import type { Faults } from '@local-cloud/kit/faults/faults.js';
import type { SMTPServerDataStream, SMTPServer as Smtp } from 'smtp-server';

export interface MailboxOptions {
  /** Where the .eml files go; made when missing. */
  folder: string;
  /** 0 (the default) takes a free port. */
  port?: number;
  /** When given, clients must log in with them. */
  credentials?: { user: string; password: string };
  /** What shall go wrong, under the name `smtp`: each mail is one call. */
  faults?: Faults;
}

export interface Mailbox {
  /** smtp://127.0.0.1:PORT, without credentials. */
  smtpUrl: string;
  folder: string;
  close(): Promise<void>;
}

/** The address of a mailbox with user and password in it, as clients take it. Neither needs escapes here. */
export function withLogin(smtpUrl: string, { user, password }: { user: string; password: string }): string {
  return smtpUrl.replace('://', `://${user}:${password}@`);
}

/** The largest mail taken, as most servers limit it. */
const MOST_BYTES = 25 * 1024 * 1024;

/** Starts a mailbox on 127.0.0.1. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { folder, credentials } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Required late: smtp-server is an optional dependency of the local cloud only.
  const { SMTPServer } = createRequire(import.meta.url)('smtp-server') as typeof import('smtp-server');
  const nextName = fileNames();
  /** Sessions whose next mail is kept, but not confirmed. */
  const losing = new Set<string>();
  const server = new SMTPServer({
    authOptional: !credentials,
    // Loopback needs no TLS, and a self-signed certificate would be refused by nodemailer.
    disabledCommands: credentials ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MOST_BYTES,
    onAuth(auth, _session, callback) {
      const right =
        credentials !== undefined &&
        same(auth.username, credentials.user) &&
        same(auth.password, credentials.password);
      if (right) callback(null, { user: credentials.user });
      else
        callback(
          Object.assign(new Error('Authentication failed: wrong user or password'), { responseCode: 535 }),
        );
    },
    onMailFrom(_address, session, callback) {
      const fault = options.faults?.take('smtp');
      if (fault === 'lose') losing.add(session.id);
      if (fault === 'slow') setTimeout(callback, SLOW_MS);
      else if (fault && fault !== 'lose') spoil(fault, server, session.id, callback);
      else callback();
    },
    onData(stream, session, callback) {
      keep(stream, folder, nextName(), session.envelope).then(() => {
        if (losing.delete(session.id)) socketOf(server, session.id)?.destroy();
        else callback();
      }, callback);
    },
  });
  // A client that breaks its connection is no reason to end.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    folder,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Replies of RFC 5321 and 3463 for a server that has no time, is broken, or is going down. */
const REPLIES: Partial<Record<FaultKind, [code: number, text: string]>> = {
  throttle: [451, '4.7.1 Too many mails, try again later'],
  fail: [554, '5.3.0 The mail system failed'],
  unavailable: [421, '4.3.2 The service is not available'],
};

/** The library offers no way to a connection but through its own list. */
function socketOf(server: Smtp, sessionId: string): Socket | undefined {
  const { connections } = server as unknown as { connections: Set<{ id: string; _socket: Socket }> };
  return [...connections].find(({ id }) => id === sessionId)?._socket;
}

/** Lets the mail that just began go wrong. */
function spoil(
  kind: Exclude<FaultKind, 'lose' | 'slow'>,
  server: Smtp,
  sessionId: string,
  callback: (error?: Error | null) => void,
): void {
  const reply = REPLIES[kind];
  if (reply) callback(Object.assign(new Error(reply[1]), { responseCode: reply[0] }));
  if (reply || kind === 'hang') return;
  const socket = socketOf(server, sessionId);
  // Cut afterwards: a client that pipelines its commands would wait for the other replies.
  if (kind === 'garbage') socket?.end('999 \u0007 no reply\r\n');
  else socket?.destroy();
}

interface Envelope {
  mailFrom: false | { address: string };
  rcptTo: { address: string }[];
}

/** Writes a mail under a temporary name first: a reader never sees half of one. */
async function keep(
  stream: SMTPServerDataStream,
  folder: string,
  name: string,
  envelope: Envelope,
): Promise<void> {
  const partial = join(folder, `.${name}.part`);
  try {
    const file = createWriteStream(partial, { mode: 0o600 });
    // The envelope tells the recipients in Bcc, which the mail's own headers do not.
    const from = envelope.mailFrom ? envelope.mailFrom.address : '';
    file.write(
      `X-Envelope-From: <${from}>\r\nX-Envelope-To: ${envelope.rcptTo.map((to) => `<${to.address}>`).join(', ')}\r\n`,
    );
    await pipeline(stream, file);
    if (stream.sizeExceeded)
      throw Object.assign(new Error(`The mail is larger than ${MOST_BYTES} bytes`), { responseCode: 552 });
    renameSync(partial, join(folder, name));
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Names in the order of arrival that are safe on every file system: 2026-11-20T08-15-30-123Z-0001.eml. */
function fileNames(): () => string {
  let count = 0;
  return () => {
    count += 1;
    const time = new Date().toISOString().replace(/[:.]/g, '-');
    return `${time}-${String(count).padStart(4, '0')}.eml`;
  };
}

function same(given: string | null | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
