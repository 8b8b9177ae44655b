/** What an authority calls the place where the app runs. */
export const environmentPattern = /^[a-z0-9-]{1,20}$/;
