import type { AdapterReport } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';

/** An adapter's name, or words for an unnamed adapter: Firefox tells no name. */
export function adapterName({ name }: AdapterReport): string {
  return name || texts.value.header.unnamed;
}
