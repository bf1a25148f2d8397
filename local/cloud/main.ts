#!/usr/bin/env node
// The local cloud as a process of its own: local-cloud --state DIR [--json] [--region R]
// [--snowflake-port N] [--aws-port N] [--smtp-port N] [--fault F]… [--with-parent]. It writes DIR/local.json, prints where it
// listens, and serves until SIGTERM or SIGINT, or, with --with-parent, until its standard input ends.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { IN_USE, StateInUseError } from '@local-cloud/kit/state-lock.js';
import { startCloud } from './cloud.js';
import { connectionFile } from './connection-file.js';

const { values } = parseArgs({
  options: {
    state: { type: 'string', default: '.cloud' },
    json: { type: 'boolean', default: false },
    region: { type: 'string' },
    'snowflake-port': { type: 'string' },
    'aws-port': { type: 'string' },
    'smtp-port': { type: 'string' },
    fault: { type: 'string', multiple: true, default: [] },
    'with-parent': { type: 'boolean', default: false },
  },
});

function port(name: 'snowflake-port' | 'aws-port' | 'smtp-port'): number {
  const text = values[name] ?? '0';
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw new Error(`--${name} must be a port number from 0 (any free one) to 65535, not ${text}`);
  return number;
}

async function main(): Promise<void> {
  if (!values.state)
    throw new Error("--state DIR is required: the folder that keeps the local cloud's state");
  const faults = values.fault.map(parseFault);
  const stateDir = resolve(values.state);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  if (values['with-parent'])
    process.stdin
      .on('end', () => stop.abort())
      .on('error', () => stop.abort())
      .resume();
  const cloud = await startCloud({
    stateDir,
    ...(values.region !== undefined && { region: values.region }),
    ports: { snowflake: port('snowflake-port'), aws: port('aws-port'), smtp: port('smtp-port') },
  });
  try {
    for (const fault of faults) cloud.faults.add(fault);
    const { snowflake, aws, mail } = cloud.connection;
    console.log(
      values.json
        ? JSON.stringify(cloud.connection)
        : `Snowflake ${snowflake.accessUrl}\nAWS       ${aws.endpoint} (${aws.region})\nMail      ${mail.smtpUrl}\nKeys are in ${connectionFile(stateDir)}. Ctrl-C stops.`,
    );
    if (!stop.signal.aborted)
      await new Promise<void>((done) => stop.signal.addEventListener('abort', () => done(), { once: true }));
  } finally {
    await cloud.close();
  }
}

main().then(
  // What is still running belongs to no process any more.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof StateInUseError ? error.message : error);
    process.exit(error instanceof StateInUseError ? IN_USE : 1);
  },
);
