/**
 * A queue whose ends are cheap at any length. Neither an array's shift() nor deleting a Map's first key is: both
 * walk over what was taken out before.
 */
export class Fifo<T> {
  private items: T[] = [];
  private taken = 0;

  get length(): number {
    return this.items.length - this.taken;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Takes the oldest out, or gives undefined if there is none. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.taken++];
    if (this.taken > 100 && this.taken > this.length) {
      this.items = this.items.slice(this.taken);
      this.taken = 0;
    }
    return item;
  }
}
