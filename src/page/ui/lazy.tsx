import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../texts/texts.ts';

interface Props<Properties> {
  /** The component, which is the same function in every render. */
  load: () => Promise<ComponentType<Properties>>;
  properties: Properties;
}

/** A view whose code loads when it is first shown, so that the page starts fast. */
export function Lazy<Properties extends object>({ load, properties }: Props<Properties>) {
  const [View, setView] = useState<ComponentType<Properties>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (view) => setView(() => view),
      () => setFailed(true),
    );
  }, [load]);
  if (failed) return <main class="notice">{texts.value.partMissing}</main>;
  return View ? <View {...properties} /> : <main />;
}
