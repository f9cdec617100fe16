import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
    title: string;
    children: ComponentChildren;
    onClose: () => void;
    wide?: boolean;
}

/** Over the page, until it is closed; Escape closes it, and the keyboard stays in it. */
export function Dialog({ title, children, onClose, wide }: Props) {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => {
        dialog.current?.showModal();
    }, []);
    return (
        <dialog
            ref={dialog}
            class={wide ? 'wide' : ''}
            aria-label={title}
            onClose={onClose}
            onClick={(event) => event.target === dialog.current && dialog.current?.close()}
        >
            <div class="dialog">
                <header>
                    <h2>{title}</h2>
                    <button type="button" class="icon" aria-label="Close" onClick={() => dialog.current?.close()}>
                        ×
                    </button>
                </header>
                {children}
            </div>
        </dialog>
    );
}
