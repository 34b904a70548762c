import type { CallExpression } from '../../syntax/module.ts';
import type { Held } from './held.ts';
import type { NameScope } from './name-scope.ts';
import type { Arguments, Reading } from './reading.ts';

/** The arguments of a call, with `*` and `**` spread where it is known what they hold. */
export function argumentsOf(call: CallExpression, scope: NameScope, reading: Reading): Arguments {
  const positional: Held[] = [];
  const keywords = new Map<string, Held>();
  let isPartial = call.broken;
  for (const { name, form, value } of call.arguments) {
    const spread = form === 'plain' && value.kind === 'starred' ? value : undefined;
    const held = reading.evaluate(spread?.value ?? value, scope);
    const actualForm = spread?.form ?? form;
    if (actualForm === 'plain') {
      if (name === undefined) positional.push(held);
      else keywords.set(name, held);
    } else if (held.kind === 'list' && actualForm === 'star') {
      positional.push(...held.items);
      isPartial ||= !held.isWhole;
    } else if (held.kind === 'dictionary' && actualForm === 'double-star') {
      for (const [key, each] of held.entries) keywords.set(key, each);
      isPartial ||= !held.isWhole;
    } else if (held.kind === 'environment' && actualForm === 'star') {
      // `*settings.AUTH_USER_MODEL.split(".")`
      positional.push(held);
    } else {
      isPartial = true;
    }
  }
  return { positional, keywords, isPartial };
}

/** An argument by its place or its name. */
export function argument({ positional, keywords }: Arguments, index: number, name: string): Held | undefined {
  return positional[index] ?? keywords.get(name);
}
