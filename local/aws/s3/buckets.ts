// The state of S3: buckets, and objects as files. An object is two files named after the hash of its key (keys may
// be longer and odder than file names): the data, and a small JSON record that names the data file. The record is
// replaced atomically, so an overwritten object is always wholly the old or wholly the new one.
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import type { LifecycleRule } from './lifecycle.js';

/** What a client says about an object and reads back. */
export interface ObjectAttributes {
  contentType?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  contentLanguage?: string;
  cacheControl?: string;
  expires?: string;
  metadata?: Record<string, string>;
  tags?: Record<string, string>;
  /** The server-side encryption asked for, or the bucket's. The files themselves are not encrypted. */
  encryption?: { algorithm: string; keyId?: string; bucketKey?: boolean };
  /** `crc32` and the like, base64. */
  checksum?: { algorithm: string; value: string; type: 'FULL_OBJECT' | 'COMPOSITE' };
}

export interface StoredObject extends ObjectAttributes {
  key: string;
  size: number;
  /** With its quotes, as in the header. */
  etag: string;
  /** Milliseconds since 1970. */
  lastModified: number;
  /** The absolute path of the file that holds the data; it must not be written to. */
  path: string;
}

/** What is set on a bucket, each as the request's XML or JSON text gave it. */
export interface BucketSettings {
  policy?: string;
  tags?: Record<string, string>;
  encryption?: { algorithm: string; keyId?: string; bucketKey?: boolean };
  publicAccessBlock?: Record<string, boolean>;
  ownership?: string;
  versioning?: string;
  lifecycleRules?: LifecycleRule[];
}

interface BucketState {
  name: string;
  accountId: string;
  region: string;
  created: number;
  settings: BucketSettings;
}

/** One bucket with its objects. */
export class Bucket {
  private readonly objects = new Map<string, StoredObject>();
  private sorted: string[] | undefined;

  constructor(
    private readonly folder: string,
    private readonly state: BucketState,
  ) {
    mkdirSync(join(folder, 'objects'), { recursive: true, mode: 0o700 });
    const kept = new Set<string>();
    const files = readdirSync(join(folder, 'objects'));
    for (const file of files) {
      if (!file.endsWith('.json')) continue;
      const record = readState<Omit<StoredObject, 'path'> & { file: string }>(join(folder, 'objects', file))!;
      const { file: data, ...rest } = record;
      kept.add(file).add(data);
      this.objects.set(rest.key, { ...rest, path: join(folder, 'objects', data) });
    }
    // What a killed process left half-written.
    for (const file of files) if (!kept.has(file)) rmSync(join(folder, 'objects', file), { force: true });
  }

  get name(): string {
    return this.state.name;
  }
  get accountId(): string {
    return this.state.accountId;
  }
  get region(): string {
    return this.state.region;
  }
  get created(): number {
    return this.state.created;
  }
  get settings(): Readonly<BucketSettings> {
    return this.state.settings;
  }
  get arn(): string {
    return `arn:aws:s3:::${this.name}`;
  }
  get size(): number {
    return this.objects.size;
  }

  change(settings: Partial<BucketSettings>): void {
    Object.assign(this.state.settings, settings);
    this.save();
  }

  save(): void {
    writeState(join(this.folder, 'bucket.json'), this.state);
  }

  get(key: string): StoredObject | undefined {
    return this.objects.get(key);
  }

  /** All keys that start with `prefix` and come after `after`, in UTF-8 order. */
  *keys(prefix = '', after = ''): Generator<string> {
    this.sorted ??= [...this.objects.keys()].sort(utf8Order);
    const from = after && utf8Order(after, prefix) >= 0 ? after : prefix;
    for (let i = lowerBound(this.sorted, from); i < this.sorted.length; i++) {
      const key = this.sorted[i]!;
      if (!key.startsWith(prefix)) return;
      if (key !== after || !after) yield key;
    }
  }

  /** Takes over a finished file as the object's data. */
  adopt(
    key: string,
    file: string,
    facts: { size: number; etag: string; now: number } & ObjectAttributes,
  ): StoredObject {
    const { now, ...rest } = facts;
    const id = createHash('sha256').update(key).digest('hex');
    const data = `${id}.${randomBytes(4).toString('hex')}`;
    const path = join(this.folder, 'objects', data);
    renameSync(file, path);
    const record = { ...rest, key, lastModified: now };
    writeState(join(this.folder, 'objects', `${id}.json`), { ...record, file: data });
    const before = this.objects.get(key);
    const stored = { ...record, path };
    this.objects.set(key, stored);
    if (before) rmSync(before.path, { force: true });
    else this.sorted = undefined;
    return stored;
  }

  /** Changes what is said about an object, without touching its data. */
  describe(key: string, attributes: ObjectAttributes): void {
    const object = this.objects.get(key);
    if (!object) return;
    Object.assign(object, attributes);
    const { path, ...record } = object;
    const id = createHash('sha256').update(key).digest('hex');
    writeState(join(this.folder, 'objects', `${id}.json`), {
      ...record,
      file: path.slice(path.lastIndexOf('/') + 1),
    });
  }

  delete(key: string): boolean {
    const object = this.objects.get(key);
    if (!object) return false;
    const id = createHash('sha256').update(key).digest('hex');
    rmSync(join(this.folder, 'objects', `${id}.json`), { force: true });
    rmSync(object.path, { force: true });
    this.objects.delete(key);
    this.sorted = undefined;
    return true;
  }
}

/** All buckets; their names are unique over all accounts, as in AWS. */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly incoming: string;

  constructor(private readonly folder: string) {
    this.incoming = join(folder, '.incoming');
    // Uploads, multipart ones too, end with the process; a client starts them again.
    rmSync(this.incoming, { recursive: true, force: true });
    mkdirSync(this.incoming, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      if (name === '.incoming') continue;
      const state = readState<BucketState>(join(folder, name, 'bucket.json'));
      if (state) this.buckets.set(name, new Bucket(join(folder, name), state));
    }
  }

  get(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  ofAccount(accountId: string): Bucket[] {
    return [...this.buckets.values()]
      .filter((bucket) => bucket.accountId === accountId)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(state: Omit<BucketState, 'settings'>): Bucket {
    // What every new bucket has in AWS since 2023.
    const settings: BucketSettings = {
      encryption: { algorithm: 'AES256', bucketKey: false },
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      ownership: 'BucketOwnerEnforced',
    };
    const bucket = new Bucket(join(this.folder, state.name), { ...state, settings });
    bucket.save();
    this.buckets.set(state.name, bucket);
    return bucket;
  }

  delete(name: string): void {
    this.buckets.delete(name);
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** A new path, on the same file system, for data on its way in. */
  temporaryFile(): string {
    return join(this.incoming, randomBytes(12).toString('hex'));
  }

  /** Writes data to a new temporary file and says its size and ETag. */
  async stage(source: Buffer | { file: string }): Promise<{ file: string; size: number; etag: string }> {
    const file = this.temporaryFile();
    const hash = createHash('md5');
    if (Buffer.isBuffer(source)) {
      writeFileSync(file, source);
      hash.update(source);
    } else {
      await copyFile(source.file, file);
      for await (const chunk of createReadStream(file) as Readable) hash.update(chunk as Buffer);
    }
    return { file, size: statSync(file).size, etag: `"${hash.digest('hex')}"` };
  }
}

function utf8Order(a: string, b: string): number {
  // UTF-16 and UTF-8 order differ only where surrogates are involved.
  if (a === b) return 0;
  return /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
}

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (utf8Order(sorted[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
