import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../texts/texts.ts';

interface Props<Properties> {
  /** The same function every time. */
  load: () => Promise<ComponentType<Properties>>;
  properties: Properties;
}

/** A view whose code comes when it is first shown, so that the page itself starts fast. */
export function Lazy<Properties extends object>(props: Props<Properties>) {
  const { Part, failed } = useLoaded(props);
  if (failed) return <main class="notice">{texts.value.partMissing}</main>;
  return Part ? <Part {...props.properties} /> : <main />;
}

/** The same for a part of a view, which is for what comes later. */
export function LazyPart<Properties extends object>(props: Props<Properties>) {
  const { Part, failed } = useLoaded(props);
  if (failed) return <p class="hint">{texts.value.partMissing}</p>;
  return Part ? <Part {...props.properties} /> : null;
}

function useLoaded<Properties>({ load }: Props<Properties>) {
  const [Part, setPart] = useState<ComponentType<Properties>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (part) => setPart(() => part),
      () => setFailed(true),
    );
  }, [load]);
  return { Part, failed };
}
