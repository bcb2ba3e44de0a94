import type { Session } from '../../session/session.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { Lazy } from '../../ui/lazy.tsx';

const loadDrawing = async () => (await import('./drawing.tsx')).Drawing;
const loadTemplates = async () => (await import('./templates.tsx')).Templates;

interface Props {
  session: Session;
  data: StudyData;
}

/** A place to draw, where the data are images of classes. */
export function DrawingPanel({ session, data }: Props) {
  const { loaded, train } = data;
  const size = loaded?.rows.images;
  if (!loaded || !size || !train || !('labels' in train)) return null;
  return <Lazy load={loadDrawing} properties={{ session, data, loaded, size }} as="section" />;
}

/** The weights of the first layer as images, where the data are images. */
export function TemplatesPanel({ session, data }: Props) {
  const size = data.loaded?.rows.images;
  if (!data.loaded || !size) return null;
  return <Lazy load={loadTemplates} properties={{ session, data, loaded: data.loaded, size }} as="section" />;
}
