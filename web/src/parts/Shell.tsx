import { signal } from '@preact/signals';
import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { isLive, paused, stale } from '../api/live';
import { changes, get } from '../api/request';
import { identity, learnIdentity, signOut } from '../api/session';
import { chosenVHost, learnVHosts, vhostOfLists, vhosts } from '../api/vhosts';
import { pageAt, pages } from '../pages/pages';
import { Help, helpIsOpen, useKeys } from './Keys';
import { href, place, setQuery } from './router';
import { Said } from './Said';
import { theme, type Theme } from './theme';
import { VHostSelect } from './VHostSelect';

const menuIsOpen = signal(false);

// Which broker this is, for who has several of them open.
const broker = signal('');

/** What is around every page. */
export function Shell() {
    useKeys();
    const shown = pages.filter((page) => page.title && (page.may?.() ?? true));
    const found = pageAt(place.value.parts);
    const key = place.value.parts.join('/');
    const main = useRef<HTMLElement>(null);
    const first = useRef(true);
    useEffect(() => {
        menuIsOpen.value = false;
        // For screen readers and the keyboard a new page begins here; not for the very first one.
        if (!first.current) main.current?.focus();
        first.current = false;
        scrollTo(0, 0);
    }, [key]);
    // The next user may see others.
    useEffect(() => () => void (vhosts.value = null), []);
    // Others change it too: it is asked anew as the reader goes on.
    useEffect(() => {
        if (!isLive.value) return;
        void learnName();
        void learnIdentity();
        void learnVHosts();
    }, [key, changes.value, isLive.value]);
    useEffect(() => {
        const name = found?.page.title ?? place.value.parts.at(-1) ?? '';
        document.title = [name === 'Overview' ? '' : name, broker.value, 'Levada'].filter(Boolean).join(' – ');
    }, [key, broker.value]);
    return (
        <>
            <a
                class="skip"
                href="#main"
                onClick={(event) => {
                    event.preventDefault();
                    main.current?.focus();
                }}
            >
                To the page
            </a>
            <header class="top">
                <button
                    type="button"
                    class="icon menu-button"
                    aria-label="Menu"
                    aria-expanded={menuIsOpen.value}
                    onClick={() => (menuIsOpen.value = !menuIsOpen.value)}
                >
                    ☰
                </button>
                <a class="brand" href="#/">
                    <img src="/icon.svg" alt="" width="24" height="24" /> Levada
                    <span class="broker">{broker.value}</span>
                </a>
                <Liveness />
                <button
                    type="button"
                    class="icon"
                    aria-label="Help and keys"
                    title="Help (?)"
                    onClick={() => (helpIsOpen.value = true)}
                >
                    ?
                </button>
                <ThemeChoice />
                <span class="who">{identity.value.name}</span>
                <button type="button" class="compact" onClick={() => signOut()}>
                    Sign out
                </button>
            </header>
            <nav class={`side ${menuIsOpen.value ? 'open' : ''}`} aria-label="Pages">
                <VHostChoice />
                <ul>
                    {shown.map((page, index) => (
                        <Fragment key={page.path}>
                            {page.group && page.group !== shown[index - 1]?.group && (
                                <li class="group">{page.group}</li>
                            )}
                            <li>
                                <a
                                    href={href(page.path ? [page.path] : [])}
                                    {...((place.value.parts[0] ?? '') === page.path
                                        ? { 'aria-current': 'page' as const }
                                        : {})}
                                >
                                    {page.title}
                                </a>
                            </li>
                        </Fragment>
                    ))}
                </ul>
            </nav>
            <main ref={main} id="main" tabIndex={-1} key={key}>
                {found ? (
                    found.page.show(found.names)
                ) : (
                    <div class="empty">
                        <h1>There is no such page</h1>
                        <p>
                            The address may be of something that your user may not see. <a href="#/">To the overview</a>
                        </p>
                    </div>
                )}
            </main>
            <Said />
            {helpIsOpen.value && <Help />}
        </>
    );
}

async function learnName() {
    // Its pages tell why, if it cannot be asked.
    const found = await get<{ name: string }>('/api/cluster-name').catch(() => null);
    if (found) broker.value = found.name;
}

/** Whether what is shown is of this moment. */
function Liveness() {
    const [kind, text] = paused.value
        ? ['paused', 'Paused']
        : stale.value > 0
          ? ['stale', 'Reconnecting']
          : ['live', 'Live'];
    return (
        <button
            type="button"
            class={`liveness ${kind}`}
            aria-pressed={paused.value}
            title={paused.value ? 'Go on' : 'Stop the page as it is'}
            onClick={() => (paused.value = !paused.value)}
        >
            <span class="dot" aria-hidden="true" />
            {text}
        </button>
    );
}

/** For brokers with several. */
function VHostChoice() {
    if ((vhosts.value?.length ?? 0) < 2 && !vhostOfLists.value) return null;
    const choose = (name: string) => {
        chosenVHost.value = name;
        setQuery({ vhost: '' });
    };
    return (
        <label class="vhost">
            <span>Virtual host</span>
            <VHostSelect chosen={vhostOfLists.value} choose={choose} all="all" />
        </label>
    );
}

function ThemeChoice() {
    return (
        <select
            class="theme"
            aria-label="Colours"
            value={theme.value}
            onChange={(event) => (theme.value = event.currentTarget.value as Theme)}
        >
            <option value="system">System</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
        </select>
    );
}
