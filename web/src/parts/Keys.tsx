import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { paused } from '../api/live';
import { pages } from '../pages/pages';
import { Dialog } from './Dialog';
import { go } from './router';

export const helpIsOpen = signal(false);

const isTyping = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The keys that Help lists. */
export function useKeys(): void {
    useEffect(() => {
        let goes = false;
        const pressed = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
            if (isTyping(event.target)) {
                if (event.key === 'Escape') (event.target as HTMLElement).blur();
                return;
            }
            const to = goes ? pages.find((page) => page.key === event.key && (page.may?.() ?? true)) : undefined;
            goes = event.key === 'g';
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
        return () => removeEventListener('keydown', pressed);
    }, []);
}

export function Help() {
    const keys: [string, string][] = [
        ['/', 'search this list'],
        ['p', 'stop the page as it is, and let it go on'],
        ['?', 'this help'],
        ['Esc', 'leave a field, close a dialog'],
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
