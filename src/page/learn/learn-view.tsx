import { useEffect, useState } from 'preact/hooks';
import { address, hashOf } from '../session/address.ts';
import { learnTexts } from '../texts/learn/learn.ts';
import { article } from './article/article.ts';
import { numbers } from './article/numbers.ts';
import { Section } from './article/section.tsx';
import { SECTIONS, type SectionId } from './sections.ts';

/** The case study as an article, with a figure beside each paragraph that computes here. */
export function LearnView() {
  const words = article();
  const { place, settings } = address.value;
  const read = useReadSection();
  // An address may name a section, which Back and Forward change too.
  useEffect(() => {
    if (place) show(place);
  }, [place]);
  const sections = words.sections(numbers);
  return (
    <main class="learn">
      <div class="opening">
        <h2>{words.title}</h2>
        {words.introduction(numbers).map((paragraph, i) => (
          <p key={i}>{paragraph}</p>
        ))}
      </div>
      <nav class="contents" aria-label={learnTexts.value.contents}>
        <ol>
          {SECTIONS.map(({ id }) => (
            <li key={id}>
              <a
                href={hashOf({ view: 'learn', place: id, settings })}
                aria-current={read === id ? 'location' : undefined}
                // The present address is no news, but a reader may have scrolled away from it.
                onClick={() => place === id && show(id)}
              >
                {sections[id].title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <div class="sections">
        {SECTIONS.map(({ id }, number) => (
          <Section key={id} id={id} number={number} />
        ))}
      </div>
    </main>
  );
}

const show = (section: string) => document.getElementById(section)?.scrollIntoView();

/** The section that crosses the upper third of the window. */
function useReadSection(): SectionId | undefined {
  const [read, setRead] = useState<SectionId>();
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) setRead(target.id as SectionId);
      },
      { rootMargin: '-33% 0px -66% 0px' },
    );
    for (const { id } of SECTIONS) {
      const element = document.getElementById(id);
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  return read;
}
