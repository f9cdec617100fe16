interface Props {
    /** For screen readers: what is left. */
    label: string;
    placeholder: string;
    text: string;
    set: (text: string) => void;
}

/** The search of a page whose list is here in whole; the key / goes to it. */
export const Only = ({ label, placeholder, text, set }: Props) => (
    <input
        type="search"
        id="search"
        placeholder={placeholder}
        aria-label={label}
        value={text}
        onInput={(event) => set(event.currentTarget.value)}
    />
);
