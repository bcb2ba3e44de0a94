import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props<Properties> {
  /** The same function every time. */
  load: () => Promise<ComponentType<Properties>>;
  properties: Properties;
}

/** A part of the page whose code comes when it is first shown, so that the page itself starts fast. */
export function Lazy<Properties extends object>({ load, properties }: Props<Properties>) {
  const [Part, setPart] = useState<ComponentType<Properties>>();
  useEffect(() => {
    load().then((part) => setPart(() => part));
  }, [load]);
  return Part ? <Part {...properties} /> : <main />;
}
