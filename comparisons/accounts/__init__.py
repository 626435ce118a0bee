"""Who is signed in: the site of the desk, second factors, forgotten passwords.

What an account may do is in ``editing.workflow``. The devices and their codes are
django-otp's (docs/signing-in.md says why).
"""
