import type { AdapterReport } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';

/**
 * An adapter's name, in words of the page's language where the browser keeps it to itself, as
 * Firefox does.
 */
export function adapterName({ name }: AdapterReport): string {
  return name || texts.value.header.unnamed;
}
