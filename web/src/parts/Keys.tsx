import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { paused } from '../api/live';
import { pages } from '../pages/pages';
import { Dialog } from './Dialog';
import { go, place } from './router';

export const helpIsOpen = signal(false);

const isTyping = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// Milliseconds from g to the letter of the page.
const goesWithin = 1500;

const openMenus = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');

/** Closes the menus that are open, except where it was pressed. */
function closeMenusBut({ target }: PointerEvent): void {
    for (const menu of openMenus()) if (!menu.contains(target as globalThis.Node)) menu.open = false;
}

/** Closes the menu that is open, and gives the keyboard back to what opened it. */
function closeMenu(): boolean {
    const [menu] = openMenus();
    if (!menu) return false;
    menu.open = false;
    menu.querySelector('summary')?.focus();
    return true;
}

/** The keys that Help lists. */
export function useKeys(): void {
    useEffect(() => {
        let wentAt = -Infinity;
        const pressed = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
            if (event.key === 'Escape' && closeMenu()) return;
            if (isTyping(event.target)) {
                if (event.key === 'Escape') (event.target as HTMLElement).blur();
                return;
            }
            if (['Shift', 'CapsLock', 'AltGraph'].includes(event.key)) return;
            const goes = event.timeStamp - wentAt < goesWithin;
            const to = goes ? pages.find((page) => page.key === event.key && (page.may?.() ?? true)) : undefined;
            wentAt = event.key === 'g' ? event.timeStamp : -Infinity;
            if (to) go(to.path ? [to.path] : []);
            else if (event.key === '?') helpIsOpen.value = true;
            else if (event.key === 'p') paused.value = !paused.value;
            else if (event.key === '/') {
                const search = document.getElementById('search');
                if (!search) return;
                event.preventDefault();
                search.focus();
            }
        };
        addEventListener('keydown', pressed);
        addEventListener('pointerdown', closeMenusBut);
        return () => {
            removeEventListener('keydown', pressed);
            removeEventListener('pointerdown', closeMenusBut);
        };
    }, []);
    // It is about the page that it was opened on.
    useEffect(() => void (helpIsOpen.value = false), [place.value]);
}

export function Help() {
    const keys: [string, string][] = [
        ['/', 'search this list'],
        ['p', 'stop the page as it is, and let it go on'],
        ['?', 'this help'],
        ['Esc', 'leave a field, close a menu or a dialog'],
        ...pages
            .filter((page) => page.key && (page.may?.() ?? true))
            .map((page): [string, string] => [`g ${page.key}`, page.title ?? '']),
    ];
    return (
        <Dialog title="Help" onClose={() => (helpIsOpen.value = false)}>
            <p>
                The figures are of this very moment; a hidden tab asks the broker for nothing. Search, filters, order
                and columns are in the address or remembered by this browser: copy the address to show others what you
                see.
            </p>
            <table class="keys">
                <tbody>
                    {keys.map(([key, what]) => (
                        <tr key={key}>
                            <th scope="row">
                                <kbd>{key}</kbd>
                            </th>
                            <td>{what}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <p>
                All of it is there for programs too:{' '}
                <a href="/api" target="_blank" rel="noreferrer">
                    the HTTP API
                </a>
                .
            </p>
        </Dialog>
    );
}
