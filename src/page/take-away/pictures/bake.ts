type Style = Readonly<Record<string, string>>;

/** The properties of a drawing that style sheets may set, all of which are inherited, and their first values. */
const PROPERTIES: Style = {
  fill: 'rgb(0, 0, 0)',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linejoin': 'miter',
  'font-size': '16px',
  'font-weight': '400',
  'text-anchor': 'start',
};

/**
 * Replaces the classes of a drawing by attributes with the values that the style sheets give now, so
 * that it looks the same without them.
 */
export function bake(root: SVGSVGElement): void {
  const elements = [root, ...root.querySelectorAll('*')];
  // All styles are read first: a class that is removed counts for the elements inside, too.
  const styles = new Map<Element, Style>(elements.map((element) => [element, styleOf(element)]));
  for (const element of elements) {
    const parent = element.parentElement;
    const inherited = (parent && styles.get(parent)) ?? PROPERTIES;
    for (const [name, value] of Object.entries(styles.get(element) ?? PROPERTIES)) {
      if (value === inherited[name]) element.removeAttribute(name);
      else element.setAttribute(name, value.replaceAll('px', ''));
    }
    element.removeAttribute('class');
  }
}

function styleOf(element: Element): Style {
  const style = getComputedStyle(element);
  return Object.fromEntries(Object.keys(PROPERTIES).map((name) => [name, style.getPropertyValue(name)]));
}
