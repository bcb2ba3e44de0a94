import { texts } from './texts/texts.ts';
import type { AdapterReport } from './worker/protocol.ts';

/** An adapter's name, in words of the page's language where the browser keeps it to itself, as Firefox does. */
export function adapterName({ name }: AdapterReport): string {
  return name || texts.value.header.unnamed;
}
