import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail server that keeps what it takes; `refuse` lets it answer otherwise. */
export async function mailServer(port = 0) {
  const received: string[] = [];
  const control: { refuse?: { at: 'rcpt' | 'data'; code: number; only?: string } } = {};
  let logins = 0;
  const failing = (code: number) => Object.assign(new Error('no'), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth(_auth, _session, done) {
      logins++;
      done(new Error('no'));
    },
    onRcptTo: (_address, _session, done) =>
      done(control.refuse?.at === 'rcpt' ? failing(control.refuse.code) : null),
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => {
        const { at, code = 0, only = '' } = control.refuse ?? {};
        if (at === 'data' && text.includes(only)) return done(failing(code));
        received.push(text);
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = (server.server.address() as AddressInfo).port;
  return {
    control,
    port: at,
    choice: { server: { url: `smtp://127.0.0.1:${at}` } },
    mails: () => Promise.all(received.map((text) => simpleParser(text))),
    raw: received,
    logins: () => logins,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
