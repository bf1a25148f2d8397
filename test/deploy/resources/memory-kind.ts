import type { LiveResource, Outputs, Resource, ResourceKind } from '../../../deploy/resources/resource.js';

/** A kind whose objects live in memory and whose every call is noted. */
export class MemoryKind implements ResourceKind<{ value: string }> {
  readonly live = new Map<string, LiveResource & { value?: string }>();
  readonly calls: string[] = [];
  failing = new Set<string>();
  /** Milliseconds that a change takes. */
  delay = 0;
  running = 0;
  mostAtOnce = 0;

  constructor(
    readonly id: string,
    readonly holdsData = false,
  ) {}

  dropsGrants(): boolean {
    return true;
  }

  async list(): Promise<LiveResource[]> {
    this.calls.push('list');
    return [...this.live.values()];
  }

  create(_ctx: unknown, resource: Resource<{ value: string }>, fingerprint: string) {
    return this.put('create', resource, fingerprint);
  }

  update(_ctx: unknown, resource: Resource<{ value: string }>, fingerprint: string) {
    return this.put('update', resource, fingerprint);
  }

  async remove(_ctx: unknown, live: LiveResource): Promise<void> {
    this.calls.push(`remove ${live.name}`);
    this.live.delete(live.name);
  }

  private async put(
    verb: string,
    { name, definition }: Resource<{ value: string }>,
    fingerprint: string,
  ): Promise<Outputs> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    await new Promise((resolve) => setTimeout(resolve, this.delay));
    this.running--;
    this.calls.push(`${verb} ${name}`);
    if (this.failing.has(name)) throw new Error(`${name} broke`);
    const outputs = { id: `id-of-${name}` };
    this.live.set(name, { name, fingerprint, owner: 'managed', outputs, value: definition.value });
    return outputs;
  }
}
