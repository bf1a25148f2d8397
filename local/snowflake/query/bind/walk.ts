/** Everything in a syntax tree that has a kind: the tree itself, its operands, arguments, subqueries and types. */
export function* partsOf(root: object): Generator<{ kind: string }> {
  for (const pending: object[] = [root]; pending.length > 0; ) {
    const each = pending.pop()!;
    if ('kind' in each) yield each as { kind: string };
    for (const part of Object.values(each))
      if (typeof part === 'object' && part !== null) pending.push(part as object);
  }
}
