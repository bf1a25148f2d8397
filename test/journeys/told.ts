import { readMails } from '@local-cloud/cloud/mail/read.js';

/** Which events people have read, in how many mails. */
export interface ReadEvents {
  /** How many mails each event is in, by its id. */
  readonly mails: ReadonlyMap<string, number>;
  /** Mails that tell of an event that an earlier one has told to the same people. */
  readonly copies: number;
}

/** The ids of the events of each mail in a mailbox's folder, in order of arrival. */
export async function mailedEvents(folder: string): Promise<string[][]> {
  return (await readMails(folder)).map(({ html }) =>
    [...html.matchAll(/event ([0-9a-f]{8}-[0-9a-f-]{27})/g)].map(([, id]) => id!),
  );
}

/** Reads a mailbox's folder. Every event in a mail has its id beside it. */
export async function readEvents(folder: string): Promise<ReadEvents> {
  const mails = new Map<string, number>();
  let copies = 0;
  for (const ids of await mailedEvents(folder)) {
    if (ids.some((id) => mails.has(id))) copies++;
    for (const id of ids) mails.set(id, (mails.get(id) ?? 0) + 1);
  }
  return { mails, copies };
}
